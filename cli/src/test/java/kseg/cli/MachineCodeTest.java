package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
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
            """;

    @Test
    void takesTheInstructionsOutOfWhatHotSpotPrints() {
        assertThat(MachineCode.parse(TOLD))
                .containsExactly(0x66, 0x90, 0x44, 0x8b, 0x56, 0x08, 0x44, 0x3b, 0x50, 0x89, 0x84);
        assertThat(MachineCode.parse("nothing of the kind")).isEmpty();
    }

    @Test
    void saysWhyThereIsNone() {
        assertThat(MachineCode.of(List.of(), Path.of("kernel"), 0x80000000))
                .last()
                .asString()
                .startsWith("machine code: not shown, this system");
        assertThat(MachineCode.of(List.of("/nowhere/java"), Path.of("kernel"), 0x80000000))
                .last()
                .asString()
                .startsWith("machine code: not shown, Cannot run program \"/nowhere/java\"");
        assertThat(MachineCode.of(List.of("true"), Path.of("kernel"), 0x80000000))
                .last()
                .isEqualTo("machine code: not shown, HotSpot did not compile the region");
    }
}
