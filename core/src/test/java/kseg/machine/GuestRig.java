package kseg.machine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import kseg.config.DeviceConfig;
import kseg.config.SlotConfig;
import kseg.config.UserErrorException;
import kseg.image.BootImage;
import kseg.image.ElfImage;
import kseg.journal.Input;

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
                        new SlotConfig(3, new DeviceConfig.RandomConfig(0, false))),
                seed,
                quantum,
                0,
                0);
    }

    static GuestRig boot(MachineSpec spec, EngineKind engine, String commands) {
        var console = new ByteArrayOutputStream();
        var machine = Machine.create(spec, HostPorts.none().withConsole(console::write), engine);
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

    private static BootImage image() {
        try {
            ElfImage elf = ElfImage.parse(Files.readAllBytes(DEMO), DEMO.toString());
            return BootImage.of(elf, RAM_BYTES);
        } catch (IOException | UserErrorException e) {
            throw new AssertionError("the embedded guest", e);
        }
    }
}
