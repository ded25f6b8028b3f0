package kseg.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import kseg.bus.FrameLink;
import kseg.config.DeviceConfig;
import kseg.config.SlotConfig;
import kseg.config.UserErrorException;
import kseg.image.BootImage;
import kseg.image.ElfImage;
import kseg.port.FramePort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two machines with the embedded guest, joined by a wire: pings, and a file that goes across. */
class GuestNetworkTest {
    private static final Path DEMO = Path.of("../guests/images/kseg-demo");
    private static final int RAM_BYTES = 4 << 20;
    private static final int NIC = 2;
    private static final long LATENCY_NANOS = 100_000;
    private static final long LIMIT_NANOS = 20_000_000_000L;

    /** One machine and what it has printed. */
    private record Node(Machine machine, ByteArrayOutputStream console) implements AutoCloseable {
        static Node boot(EngineKind engine, int address, FramePort wire, String commands) {
            var spec =
                    new MachineSpec(
                            2,
                            RAM_BYTES,
                            false,
                            List.of(
                                    new SlotConfig(0, new DeviceConfig.SerialConfig()),
                                    new SlotConfig(1, new DeviceConfig.TimerConfig()),
                                    new SlotConfig(NIC, new DeviceConfig.NicConfig(address, "")),
                                    new SlotConfig(3, new DeviceConfig.TraceConfig())),
                            address,
                            MachineSpec.DEFAULT_QUANTUM,
                            0,
                            0);
            var console = new ByteArrayOutputStream();
            var ports = HostPorts.none().withNetworks(slot -> wire).withConsole(console::write);
            Machine machine = Machine.create(spec, ports, engine);
            machine.load(image(), commands);
            return new Node(machine, console);
        }

        String text() {
            return console.toString(StandardCharsets.ISO_8859_1);
        }

        @Override
        public void close() {
            machine.close();
        }
    }

    @ParameterizedTest
    @EnumSource(EngineKind.class)
    void pingsAndAFile(EngineKind engine) {
        var link = new FrameLink(LATENCY_NANOS);
        try (Node sender = Node.boot(engine, 1, link.port(0), "ping 2 2;help > text;send text 2");
                Node receiver = Node.boot(engine, 2, link.port(1), RECEIVE)) {
            assertReceived(link, sender, receiver);
            assertThat(sender.text()).contains("ping: 2 sent, 2 answered\n");
        }
    }

    /** Blocks and acknowledgements that get lost are sent again. */
    @Test
    void aFileOverAWireThatLosesEveryFourthFrame() {
        var link = new FrameLink(LATENCY_NANOS);
        FramePort there = losing(link.port(0));
        FramePort back = losing(link.port(1));
        try (Node sender = Node.boot(EngineKind.INTERPRETER, 1, there, "help > text;send text 2");
                Node receiver = Node.boot(EngineKind.INTERPRETER, 2, back, RECEIVE)) {
            assertReceived(link, sender, receiver);
        }
    }

    private static final String RECEIVE = "net wait;cat text;fsck;q";

    private static void assertReceived(FrameLink link, Node sender, Node receiver) {
        var both =
                new LinkedMachines(
                        link,
                        new LinkedMachines.Station(sender.machine(), NIC),
                        new LinkedMachines.Station(receiver.machine(), NIC));
        assertThat(both.run(LIMIT_NANOS))
                .as(sender.text() + receiver.text())
                .isEqualTo(new LinkedMachines.Stop(1, new Exit.PowerOff()));
        assertThat(receiver.text())
                .contains("net: received /text, ")
                .contains("selftest")
                .contains("all as written")
                .endsWith("verdict: pass\n");
    }

    private static FramePort losing(FramePort wire) {
        return new FramePort() {
            private int frames;

            @Override
            public void send(long nanos, byte[] frame) {
                if (++frames % 4 != 0) {
                    wire.send(nanos, frame);
                }
            }
        };
    }

    private static BootImage image() {
        try {
            ElfImage elf = ElfImage.parse(Files.readAllBytes(DEMO), DEMO.toString());
            return BootImage.of(elf, RAM_BYTES);
        } catch (IOException | UserErrorException e) {
            throw new AssertionError("the embedded guest", e);
        }
    }
}
