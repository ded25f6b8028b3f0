package kseg.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import kseg.isa.CpuModel;
import kseg.machine.EngineKind;
import kseg.time.Generator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The text form, and the committed vectors on every engine. */
class VectorTextTest {
    private static final Path VECTORS = Path.of("src/test/resources/kseg/verify");

    static Stream<Path> vectors() throws IOException {
        try (Stream<Path> files = Files.list(VECTORS)) {
            return files
                    .filter(file -> file.toString().endsWith(".vector"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void enginesAgreeOn(Path file) throws IOException {
        Scenario scenario = VectorText.read(Files.readString(file));
        for (EngineKind kind : EngineKind.values()) {
            assertThat(Replay.explain(EngineKit.of(kind), scenario)).as("%s", kind).isEmpty();
        }
    }

    @Test
    void whatIsWrittenCanBeRead() {
        for (Processor processor :
                List.of(Processor.SYS161, new Processor(CpuModel.R3000A, true))) {
            var random = new Generator(3, 0);
            var bodies =
                    new BodyGenerator(random, processor, List.of(Firmware.of(processor, true)));
            var starts = new StartGenerator(random, processor);
            for (int i = 0; i < 3; i++) {
                BodyGenerator.Generated generated = bodies.next();
                Start start = starts.next(generated);
                var scenario =
                        new Scenario(
                                generated.body(), List.of(start, start, starts.next(generated)));
                String text = VectorText.write(scenario);
                Scenario read = VectorText.read(text);
                assertThat(VectorText.write(read)).isEqualTo(text);
                assertThat(read.starts()).hasSize(3);
                assertThat(read.starts().get(0)).isSameAs(read.starts().get(1));
            }
        }
    }

    @Test
    void theLineThatIsWrongIsNamed() {
        assertThatThrownBy(() -> VectorText.read("processor MIPS161 big\nstart x 1\n"))
                .hasMessage("line 2: start x 1");
        assertThatThrownBy(() -> VectorText.read("start 0x80002000 1\n stop 3 dance"))
                .hasMessageStartingWith("line 2:");
        assertThatThrownBy(() -> VectorText.read("processor MIPS161 big\n"))
                .hasMessageContaining("no start");
    }
}
