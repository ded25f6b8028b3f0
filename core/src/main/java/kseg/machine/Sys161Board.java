package kseg.machine;

import java.util.function.Consumer;
import kseg.bus.BusError;
import kseg.bus.CardId;
import kseg.bus.Device;
import kseg.bus.InterruptLine;
import kseg.bus.Lamebus;
import kseg.bus.Misuse;
import kseg.bus.PhysicalBus;
import kseg.bus.Width;
import kseg.config.DeviceConfig;
import kseg.config.SlotConfig;
import kseg.device.LamebusController;
import kseg.device.Serial;
import kseg.device.TimeOfDay;
import kseg.device.Timer;
import kseg.journal.Input;
import kseg.memory.FramePool;
import kseg.memory.PhysicalMemory;
import kseg.port.HostExchange;
import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;
import kseg.time.DeviceClock;

/**
 * The System/161 board: LAMEbus with its cards, and the boot ROM (sys161.md sections 7 and 8).
 * Event targets are slot numbers.
 */
public final class Sys161Board implements PhysicalBus {
    private static final int ROM_BASE = 0x1fc00000;
    private static final int ROM_BREAK = 0x1fc00ffc;
    private static final int BREAK = 0x0000000d;

    private final Lamebus bus;

    private Sys161Board(Lamebus bus) {
        this.bus = bus;
    }

    /** Wires a machine's board, top to bottom. */
    static Sys161Board assemble(
            MachineSpec spec,
            HostPorts ports,
            Timeline timeline,
            Scheduler cpus,
            HostExchange host,
            Misuse misuse,
            Consumer<Exit> stop) {
        var bus = new Lamebus();
        var timeOfDay = new TimeOfDay(spec.epochSeconds());
        for (SlotConfig config : spec.slots()) {
            int slot = config.slot();
            InterruptLine line = bus.lines().line(slot);
            DeviceClock clock = timeline.of(slot);
            switch (config.device()) {
                case DeviceConfig.TimerConfig _ ->
                        bus.attach(
                                slot,
                                CardId.TIMER,
                                new Timer(line, clock, ports.beeper(), misuse, timeOfDay));
                case DeviceConfig.SerialConfig _ ->
                        bus.attach(
                                slot,
                                CardId.SERIAL,
                                new Serial(line, clock, ports.console(), ports.messages(), false));
                default -> {}
            }
        }
        bus.attach(
                Lamebus.CONTROLLER_SLOT,
                spec.oldBoard() ? CardId.OLD_MAINBOARD : CardId.MAINBOARD,
                new LamebusController(
                        bus,
                        timeline.of(Lamebus.CONTROLLER_SLOT),
                        cpus,
                        misuse,
                        spec.ramBytes(),
                        spec.oldBoard()));
        return new Sys161Board(bus);
    }

    /** The bus and its cards, for statistics and tools. */
    public Lamebus bus() {
        return bus;
    }

    /** Writes the boot ROM: 1023 words of nop, then BREAK (sys161.md 5.3). */
    void loadRom(PhysicalMemory memory) {
        memory.putWord(ROM_BREAK, BREAK);
    }

    @Override
    public int read(int paddr, Width width) {
        return bus.read(offset(paddr), width);
    }

    @Override
    public void write(int paddr, int value, Width width) {
        bus.write(offset(paddr), value, width);
    }

    @Override
    public boolean isRom(int paddr) {
        return (paddr ^ ROM_BASE) >>> FramePool.FRAME_SHIFT == 0;
    }

    void event(int slot, int kind, long argument) {
        bus.event(slot, kind, argument);
    }

    /** Hands an external input to its card. */
    void input(Input input) {
        Device device = bus.device(input.slot());
        switch (input.kind()) {
            case CHARACTERS -> {
                if (device instanceof Serial serial) {
                    serial.receive(input.bytes());
                    return;
                }
            }
            case FRAME, ANSWER -> {}
        }
        throw new IllegalArgumentException(
                "slot %d takes no %s".formatted(input.slot(), input.kind()));
    }

    void save(StateWriter out) {
        bus.save(out);
    }

    void restore(StateReader in) {
        bus.restore(in);
    }

    private static int offset(int paddr) {
        int offset = paddr - Lamebus.BASE;
        if (offset < 0 || offset >= Lamebus.BYTES) {
            throw BusError.INSTANCE;
        }
        return offset;
    }
}
