package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MachineCodeTest {
    private static final String TOLD =
            """
            Compiled method (c2) 4317  353   kseg.engine.compile.CompiledRegion/0x7b072000::run (48 bytes)
             main code      [0x00007f15c84f9b00,0x00007f15c84fca68] = 12136

            [MachCode]
            [Instructions begin]
              0x00007f15c84f9b00: 6690 448b | 5608 443b\s

              0x00007f15c84f9b08: ;   {runtime_call Shared Runtime ic_miss_blob}
              0x00007f15c84f9b08: 50
            [Verified Entry Point]
              0x00007f15c84f9b10: 8984
            [Exception Handler]
              0x00007f15c84f9b12: ffff
            [/MachCode]
            Compiled method (c2) 4320  354   kseg.engine.compile.CompiledRegion/0x7b072000::rounds0 (62 bytes)
            [MachCode]
              0x00007f15c84fa000: 90
            [Stub Code]
              0x00007f15c84fa010: ffff
            [/MachCode]
            """;

    @Test
    void takesTheInstructionsOutOfWhatHotSpotPrints() {
        Map<String, byte[]> methods = MachineCode.parse(TOLD);
        assertThat(methods).containsOnlyKeys("run", "rounds0");
        assertThat(methods.get("run"))
                .containsExactly(0x66, 0x90, 0x44, 0x8b, 0x56, 0x08, 0x44, 0x3b, 0x50, 0x89, 0x84);
        assertThat(methods.get("rounds0")).containsExactly(0x90);
        assertThat(MachineCode.parse("nothing of the kind")).isEmpty();
    }

    @Test
    void saysWhyThereIsNone() {
        assertThat(of()).last().asString().startsWith("machine code: not shown, this system");
        assertThat(of("/nowhere/java"))
                .last()
                .asString()
                .startsWith("machine code: not shown, Cannot run program \"/nowhere/java\"");
        assertThat(of("true"))
                .last()
                .isEqualTo("machine code: not shown, HotSpot did not compile it");
    }

    private static List<String> of(String... jvm) {
        return MachineCode.of(List.of(jvm), Path.of("kernel"), 0x80000000).lines("run");
    }
}
