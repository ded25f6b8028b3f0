package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import kseg.config.Sys161Config;
import kseg.image.BootImage;
import kseg.image.ElfImage;
import kseg.machine.EngineKind;
import kseg.machine.HostPorts;
import kseg.machine.Machine;
import kseg.machine.MachineSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run that is watched is the run that is not. */
@Timeout(60)
class MeterTest {
    @TempDir Path directory;

    private final Messages messages =
            new Messages(new PrintStream(OutputStream.nullOutputStream()));

    /** Runs the demo's work on several processors to its end; answers the state it ends in. */
    private long run(Meter meter) throws Exception {
        Sys161Config config = Configuration.builtIn("demo.conf", List.of());
        ElfImage kernel = ElfImage.parse(Resources.bytes("guests/kseg-demo"), "kseg-demo");
        MachineSpec spec = MachineSpec.of(config, 7, MachineSpec.DEFAULT_QUANTUM, 0, 0);
        PromptWatcher watcher = new PromptWatcher(List.of());
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        ConsoleOutput output = new ConsoleOutput(nowhere, watcher, false);
        byte[] typed = "counter\nprimes 300\nq\n".getBytes(StandardCharsets.US_ASCII);
        HostPorts ports = HostPorts.none().withConsole(output);
        try (Machine machine = Machine.create(spec, ports, EngineKind.INTERPRETER);
                Interrupt interrupt = Interrupt.listen();
                meter) {
            machine.load(BootImage.of(kernel, spec.ramBytes()), "");
            ConsoleInput input = new PacedInput(new FixedInput(typed));
            Console console = new Console(0, output, input, watcher);
            RunOptions options = new RunOptions();
            Network network = Network.none(messages);
            ConsoleLoop loop =
                    new ConsoleLoop(
                            machine,
                            console,
                            options,
                            interrupt::requested,
                            Face.KSEG,
                            meter,
                            network,
                            Debugger.none(messages, interrupt::requested));
            assertThat(loop.run(messages, kernel, new RecentText())).isEqualTo(ExitCode.POWER_OFF);
            return machine.stateHash();
        }
    }

    @Test
    void watchingChangesNothing() throws Exception {
        long alone = run(Meter.none());
        Path socket = directory.resolve("m");
        Meter meter = Meter.at(socket);
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            Channels.newOutputStream(client)
                    .write("INTERVAL 10000\r\nsync\r\n".getBytes(StandardCharsets.US_ASCII));
            BufferedReader reader =
                    new BufferedReader(Channels.newReader(client, StandardCharsets.US_ASCII));
            String line = reader.readLine();
            while (!line.equals("BAD Invalid command")) { // which stood behind the interval
                line = reader.readLine();
            }
            CompletableFuture<List<String>> lines =
                    CompletableFuture.supplyAsync(() -> reader.lines().toList());
            assertThat(run(meter)).isEqualTo(alone);
            assertThat(lines.get()).hasSizeGreaterThan(1);
            assertGrowing(lines.get());
        }
    }

    private static void assertGrowing(List<String> lines) {
        List<long[]> rows = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith("DATA ")) {
                long[] row = new long[11];
                String[] words = line.substring(5).split(" ", -1);
                assertThat(words).hasSize(11);
                for (int i = 0; i < 11; i++) {
                    row[i] = Long.parseLong(words[i]);
                }
                rows.add(row);
            }
        }
        for (int i = 1; i < rows.size(); i++) {
            for (int column = 0; column < 11; column++) {
                assertThat(rows.get(i)[column]).isGreaterThanOrEqualTo(rows.get(i - 1)[column]);
            }
            assertThat(rows.get(i)[0]).isGreaterThan(rows.get(i - 1)[0]);
        }
    }
}
