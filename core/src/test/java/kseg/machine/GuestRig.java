package kseg.machine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import kseg.config.DeviceConfig;
import kseg.config.SlotConfig;
import kseg.config.UserErrorException;
import kseg.engine.CompilerSupport;
import kseg.engine.compile.CompilerOptions;
import kseg.image.BootImage;
import kseg.image.ElfImage;
import kseg.journal.Input;
import kseg.port.BlockStore;
import kseg.port.FileRefusedException;
import kseg.port.HostFiles;
import org.jspecify.annotations.Nullable;

/** A machine with the embedded guest, and what it has printed. */
final class GuestRig implements AutoCloseable {
    static final int CONSOLE = 0;
    private static final Path DEMO = Path.of("../guests/images/kseg-demo");
    private static final int RAM_BYTES = 4 << 20;

    /** A guest that has not come to an end in 20 s of machine time never will. */
    static final RunLimit END = RunLimit.atCycle(500_000_000);

    private final ByteArrayOutputStream console;
    private final Machine machine;

    private GuestRig(Machine machine, ByteArrayOutputStream console) {
        this.machine = machine;
        this.console = console;
    }

    static MachineSpec spec(int cpus, long seed, int quantum) {
        return new MachineSpec(
                cpus,
                RAM_BYTES,
                false,
                List.of(
                        new SlotConfig(CONSOLE, new DeviceConfig.SerialConfig()),
                        new SlotConfig(1, new DeviceConfig.TimerConfig()),
                        new SlotConfig(2, new DeviceConfig.TraceConfig()),
                        new SlotConfig(3, new DeviceConfig.RandomConfig(0, false)),
                        new SlotConfig(4, disk(7200)),
                        new SlotConfig(5, disk(3600)),
                        new SlotConfig(6, new DeviceConfig.EmufsConfig(".")),
                        new SlotConfig(7, new DeviceConfig.NicConfig(17, "none"))),
                seed,
                quantum,
                0,
                0);
    }

    private static DeviceConfig disk(int rpm) {
        return new DeviceConfig.DiskConfig("none", rpm, OptionalLong.empty(), false, true);
    }

    /** A world of blank disks and an empty directory. */
    static HostPorts world() {
        return HostPorts.none()
                .withDisks(slot -> new BlankDisk())
                .withFiles(slot -> new EmptyDirectory());
    }

    private static final class BlankDisk implements BlockStore {
        @Override
        public int sectors() {
            return 10_240;
        }

        @Override
        public void read(int sector, byte[] into) {
            Arrays.fill(into, (byte) 0);
        }

        @Override
        public void written(int sector, byte[] data) {}
    }

    private static final class EmptyDirectory implements HostFiles {
        @Override
        public Entry open(String directory, String path, Mode mode) {
            throw new FileRefusedException(FileRefusedException.Reason.BAD_PATH);
        }

        @Override
        public byte[] read(String path, long offset, int length) {
            throw new FileRefusedException(FileRefusedException.Reason.GONE);
        }

        @Override
        public void write(String path, long offset, byte[] data) {
            throw new FileRefusedException(FileRefusedException.Reason.GONE);
        }

        @Override
        public @Nullable String name(String directory, long index) {
            return index == 0 ? "." : index == 1 ? ".." : null;
        }

        @Override
        public long size(String path) {
            throw new FileRefusedException(FileRefusedException.Reason.GONE);
        }

        @Override
        public void truncate(String path, long length) {
            throw new FileRefusedException(FileRefusedException.Reason.GONE);
        }
    }

    static GuestRig boot(MachineSpec spec, EngineKind engine, String commands) {
        var console = new ByteArrayOutputStream();
        var machine = Machine.create(spec, world().withConsole(console::write), engine);
        machine.load(image(), commands);
        return new GuestRig(machine, console);
    }

    /** On the compiler, with random delays and evictions. */
    static GuestRig bootDisturbed(MachineSpec spec, long disturbance, String commands) {
        var console = new ByteArrayOutputStream();
        var ports = world().withConsole(console::write);
        var machine = Machine.createDisturbed(spec, ports, disturbance);
        machine.load(image(), commands);
        return new GuestRig(machine, console);
    }

    /** On a compiler that does not wait for code to get hot, nor works beside the machine. */
    static GuestRig bootEagerly(MachineSpec spec, CompilerSupport support, String commands) {
        return bootEagerly(spec, support, HostWorkers.none(), commands);
    }

    /** The same, given what was compiled for others. */
    static GuestRig bootEagerly(
            MachineSpec spec, CompilerSupport support, HostWorkers workers, String commands) {
        var console = new ByteArrayOutputStream();
        var ports = world().withConsole(console::write);
        var options = new CompilerOptions(1_000, false, 3_000, 0);
        var machine = Machine.create(spec, ports, EngineKind.JIT, options, support, workers);
        machine.load(image(), commands);
        return new GuestRig(machine, console);
    }

    static GuestRig boot(int cpus, String commands) {
        var spec = spec(cpus, 1, MachineSpec.DEFAULT_QUANTUM);
        return boot(spec, EngineKind.INTERPRETER, commands);
    }

    Machine machine() {
        return machine;
    }

    String console() {
        return console.toString(StandardCharsets.ISO_8859_1);
    }

    void type(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        machine.input(new Input(Input.Kind.CHARACTERS, CONSOLE, bytes));
    }

    @Override
    public void close() {
        machine.close();
    }

    static BootImage image() {
        try {
            ElfImage elf = ElfImage.parse(Files.readAllBytes(DEMO), DEMO.toString());
            return BootImage.of(elf, RAM_BYTES);
        } catch (IOException | UserErrorException e) {
            throw new AssertionError("the embedded guest", e);
        }
    }
}
