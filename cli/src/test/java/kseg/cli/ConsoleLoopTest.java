package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import kseg.config.Sys161Config;
import kseg.image.BootImage;
import kseg.image.ElfImage;
import kseg.machine.EngineKind;
import kseg.machine.HostPorts;
import kseg.machine.Machine;
import kseg.machine.MachineSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A guest without a clock, which waits for nothing but the next character: the machine stands still
 * until somebody has typed it, however long that takes.
 */
@Timeout(20)
class ConsoleLoopTest {
    private static final String TYPED = "hello a long line, typed slowly | wc\nq\n";

    @Test
    void aPersonMayThinkBetweenTwoKeys() throws Exception {
        assertThat(run(SteadyInput::new, new Hesitant(TYPED, true))).contains("kseg> q\n");
    }

    @Test
    void aLinePastedIntoATerminalArrives() throws Exception {
        ConsoleInput pasted = new FixedInput(TYPED.getBytes(StandardCharsets.US_ASCII));
        assertThat(run(SteadyInput::new, pasted)).contains("kseg> q\n");
    }

    @Test
    void aPipeMayBeSlow() throws Exception {
        assertThat(run(PacedInput::new, new Hesitant(TYPED, false))).contains("kseg> q\n");
    }

    /** Gives a character every third time, as if nothing had come yet the other times. */
    private static final class Hesitant implements ConsoleInput {
        private final byte[] characters;
        private final boolean person;
        private int asked;

        Hesitant(String text, boolean person) {
            characters = text.getBytes(StandardCharsets.US_ASCII);
            this.person = person;
        }

        @Override
        public byte[] take(Duration patience) {
            asked++;
            return ended() || asked % 3 != 0 ? NONE : new byte[] {characters[asked / 3 - 1]};
        }

        @Override
        public boolean ended() {
            return asked / 3 > characters.length;
        }

        @Override
        public void guestDid(long machineNanos, boolean nothing) {}

        @Override
        public boolean isPerson() {
            return person;
        }

        @Override
        public void close() {}
    }

    /** The demo with the input given; answers what it printed when it has powered off. */
    private static String run(UnaryOperator<ConsoleInput> manner, ConsoleInput source)
            throws Exception {
        Messages messages = new Messages(new PrintStream(OutputStream.nullOutputStream()));
        Sys161Config config = Configuration.builtIn("demo.conf", List.of());
        ElfImage kernel = ElfImage.parse(Resources.bytes("guests/kseg-demo"), "kseg-demo");
        MachineSpec spec = MachineSpec.of(config, 0, MachineSpec.DEFAULT_QUANTUM, 0, 0);
        PromptWatcher watcher = new PromptWatcher(List.of());
        var printed = new ByteArrayOutputStream();
        var output = new ConsoleOutput(new PrintStream(printed, true), watcher, false);
        try (Machine machine =
                        Machine.create(
                                spec,
                                HostPorts.none().withConsole(output),
                                EngineKind.INTERPRETER);
                Meter meter = Meter.none()) {
            // A test that takes too long is interrupted.
            BooleanSupplier interrupt = () -> Thread.currentThread().isInterrupted();
            machine.load(BootImage.of(kernel, spec.ramBytes()), "");
            var loop =
                    new ConsoleLoop(
                            machine,
                            new Console(0, output, manner.apply(source), watcher),
                            new RunOptions(),
                            interrupt,
                            Face.KSEG,
                            meter,
                            Network.none(messages),
                            Debugger.none(messages, interrupt));
            assertThat(loop.run(messages, kernel, new RecentText())).isEqualTo(ExitCode.POWER_OFF);
        }
        return printed.toString(StandardCharsets.US_ASCII);
    }
}
