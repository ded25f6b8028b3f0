package kseg.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kseg.config.DeviceConfig;
import kseg.config.SlotConfig;
import kseg.config.UserErrorException;
import kseg.image.BootImage;
import kseg.image.ElfImage;
import kseg.port.BlockStore;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The guest's file system survives having the power cut at any cycle: a second machine boots from
 * the disk as it was, finds nothing wrong, and finds exactly what the calls up to one moment made,
 * none less than had been reported as done.
 */
class FileSystemCrashTest {
    private static final Path DEMO = Path.of("../guests/images/kseg-demo");
    private static final int RAM_BYTES = 4 << 20;
    private static final int CUTS = 12;
    private static final Pattern DONE = Pattern.compile("crashtest: (\\d+) done\n");

    /** A disk whose contents outlive its machine. */
    private record Platter(byte[][] contents) implements BlockStore {
        static Platter blank() {
            return new Platter(new byte[10_240][]);
        }

        Platter copy() {
            return new Platter(contents.clone());
        }

        @Override
        public int sectors() {
            return contents.length;
        }

        @Override
        public void read(int sector, byte[] into) {
            byte[] data = contents[sector];
            System.arraycopy(data == null ? new byte[SECTOR_BYTES] : data, 0, into, 0, into.length);
        }

        @Override
        public void written(int sector, byte[] data) {
            contents[sector] = data.clone();
        }
    }

    /** All from 1 to 32 with {@code -Dkseg.crash.everyCpuCount=true}, as bench/proofs has it. */
    private static IntStream cpuCounts() {
        return Boolean.getBoolean("kseg.crash.everyCpuCount")
                ? IntStream.rangeClosed(1, 32)
                : IntStream.of(1, 2, 8, 32);
    }

    static Stream<Arguments> machines() {
        return Stream.of(EngineKind.values())
                .flatMap(kind -> cpuCounts().mapToObj(cpus -> Arguments.of(kind, cpus)));
    }

    @ParameterizedTest
    @MethodSource("machines")
    void whereverThePowerIsCut(EngineKind engine, int cpus) {
        var random = new Random(cpus);
        var console = new ByteArrayOutputStream();
        Platter disk = Platter.blank();
        String start = cpus > 1 ? "cpus;mkfs;crashtest write 40;q" : "mkfs;crashtest write 40;q";
        try (Machine machine = machine(engine, cpus, disk, console)) {
            machine.load(image(), start);
            runUntilPrinted(machine, console, "mkfs: an empty file system");
            long cycle = machine.position().cycle();
            for (int cut = 0; cut < CUTS; cut++) {
                cycle += random.nextLong(20_000_000);
                Exit exit = machine.run(RunLimit.atCycle(cycle));
                assertRecovers(engine, cpus, disk.copy(), lastDone(console), cycle);
                if (!(exit instanceof Exit.Limit)) {
                    break;
                }
            }
        }
        assertThat(lastDone(console)).as("calls before the last cut").isGreaterThan(5);
    }

    private static void assertRecovers(
            EngineKind engine, int cpus, Platter disk, int done, long cycle) {
        var console = new ByteArrayOutputStream();
        try (Machine machine = machine(engine, cpus, disk, console)) {
            machine.load(image(), "fsck;crashtest check " + done + ";q");
            Exit exit = machine.run(GuestRig.END);
            String text = console.toString(StandardCharsets.ISO_8859_1);
            assertThat(text)
                    .as("cut at cycle %d after call %d", cycle, done)
                    .contains("all as written")
                    .endsWith("verdict: pass\n");
            assertThat(exit).isEqualTo(new Exit.PowerOff());
        }
    }

    private static int lastDone(ByteArrayOutputStream console) {
        Matcher matcher = DONE.matcher(console.toString(StandardCharsets.ISO_8859_1));
        int done = 0;
        while (matcher.find()) {
            done = Integer.parseInt(matcher.group(1));
        }
        return done;
    }

    private static void runUntilPrinted(
            Machine machine, ByteArrayOutputStream console, String text) {
        long cycle = 0;
        while (!console.toString(StandardCharsets.ISO_8859_1).contains(text)) {
            cycle += 500_000;
            assertThat(machine.run(RunLimit.atCycle(cycle))).isEqualTo(new Exit.Limit());
        }
    }

    private static Machine machine(
            EngineKind engine, int cpus, BlockStore disk, ByteArrayOutputStream console) {
        var spec =
                new MachineSpec(
                        cpus,
                        RAM_BYTES,
                        false,
                        List.of(
                                new SlotConfig(0, new DeviceConfig.SerialConfig()),
                                new SlotConfig(1, new DeviceConfig.TimerConfig()),
                                new SlotConfig(
                                        2,
                                        new DeviceConfig.DiskConfig(
                                                "none", 7200, OptionalLong.empty(), false, true))),
                        1,
                        MachineSpec.DEFAULT_QUANTUM,
                        0,
                        0);
        var ports = HostPorts.none().withDisks(slot -> disk).withConsole(console::write);
        return Machine.create(spec, ports, engine);
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
