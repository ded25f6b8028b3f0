package kseg.machine;

import kseg.bus.BusError;
import kseg.bus.CardId;
import kseg.bus.CpuControl;
import kseg.bus.Device;
import kseg.bus.InterruptLine;
import kseg.bus.InterruptLines;
import kseg.bus.Lamebus;
import kseg.bus.Misuse;
import kseg.bus.PhysicalBus;
import kseg.bus.Width;
import kseg.config.DeviceConfig;
import kseg.config.SlotConfig;
import kseg.device.Disk;
import kseg.device.DoomCounter;
import kseg.device.Emufs;
import kseg.device.LamebusController;
import kseg.device.Nic;
import kseg.device.RandomDevice;
import kseg.device.Screen;
import kseg.device.Serial;
import kseg.device.TimeOfDay;
import kseg.device.Timer;
import kseg.device.TraceControl;
import kseg.engine.trace.TraceSwitches;
import kseg.journal.Input;
import kseg.memory.FramePool;
import kseg.memory.PhysicalMemory;
import kseg.port.BlockStore;
import kseg.port.CharPort;
import kseg.port.DeviceTrace;
import kseg.port.DisplaySink;
import kseg.port.FramePort;
import kseg.port.HostExchange;
import kseg.port.HostFiles;
import kseg.port.MessagePort;
import kseg.port.TraceKind;
import kseg.port.TraceRequests;
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

    /** Size of the text screen. */
    private static final int COLUMNS = 80;

    private static final int ROWS = 25;

    private final Lamebus bus;

    private Sys161Board(Lamebus bus) {
        this.bus = bus;
    }

    /** What the machine around a board provides to it. */
    record Surroundings(
            Timeline timeline,
            Chance chance,
            CpuControl cpus,
            HostExchange host,
            TraceRequests traceRequests,
            TraceSwitches trace,
            Misuse misuse,
            Runnable doom) {}

    /** Wires a machine's board, top to bottom. */
    static Sys161Board assemble(MachineSpec spec, HostPorts ports, Surroundings machine) {
        var bus = new Lamebus();
        traceLines(bus.lines(), machine.trace());
        var timeOfDay = new TimeOfDay(spec.epochSeconds());
        var doom = new DoomCounter(spec.doomWrites(), machine.doom());
        var never = new DoomCounter(0, machine.doom());
        Misuse misuse = machine.misuse();
        HostExchange host = machine.host();
        CharPort console =
                character -> {
                    machine.trace().makeWay();
                    ports.console().put(character);
                };
        MessagePort messages =
                text -> {
                    machine.trace().makeWay();
                    ports.messages().message(text);
                };
        for (SlotConfig config : spec.slots()) {
            int slot = config.slot();
            InterruptLine line = bus.lines().line(slot);
            DeviceClock clock = machine.timeline().of(slot);
            switch (config.device()) {
                case DeviceConfig.TimerConfig _ -> {
                    var timer = new Timer(line, clock, ports.beeper(), misuse, timeOfDay);
                    bus.attach(slot, CardId.TIMER, timer);
                }
                case DeviceConfig.DiskConfig disk -> {
                    BlockStore image = ports.disks().apply(slot);
                    DoomCounter writes = disk.doomed() ? doom : never;
                    bus.attach(
                            slot,
                            CardId.DISK,
                            new Disk(
                                    slot,
                                    line,
                                    clock,
                                    image,
                                    host,
                                    misuse,
                                    timeOfDay,
                                    writes,
                                    disk.rpm(),
                                    spec.strict(),
                                    machine.trace().of(TraceKind.DISK)));
                }
                case DeviceConfig.SerialConfig _ -> {
                    var serial = new Serial(line, clock, console, messages, spec.strict());
                    bus.attach(slot, CardId.SERIAL, serial);
                }
                case DeviceConfig.ScreenConfig _ -> {
                    DisplaySink display = ports.displays().apply(slot);
                    var screen = new Screen(line, clock, display, messages, COLUMNS, ROWS);
                    bus.attach(slot, CardId.SCREEN, screen);
                }
                case DeviceConfig.NicConfig nic -> {
                    FramePort network = ports.networks().apply(slot);
                    var card =
                            new Nic(
                                    slot,
                                    line,
                                    clock,
                                    network,
                                    messages,
                                    misuse,
                                    nic.hwaddr(),
                                    machine.trace().of(TraceKind.NETWORK));
                    if (spec.strict()) {
                        card.keepAlive();
                    }
                    bus.attach(slot, CardId.NIC, card);
                }
                case DeviceConfig.EmufsConfig _ -> {
                    HostFiles files = ports.files().apply(slot);
                    var emufs =
                            new Emufs(
                                    slot,
                                    line,
                                    clock,
                                    files,
                                    host,
                                    misuse,
                                    spec.strict(),
                                    machine.trace().of(TraceKind.FILES));
                    bus.attach(slot, CardId.EMUFS, emufs);
                }
                case DeviceConfig.TraceConfig _ -> {
                    var trace = new TraceControl(messages, machine.traceRequests(), misuse);
                    bus.attach(slot, CardId.TRACE, trace);
                }
                case DeviceConfig.RandomConfig _ -> {
                    var random = new RandomDevice(machine.chance().device(slot));
                    bus.attach(slot, CardId.RANDOM, random);
                }
                case DeviceConfig.Mainboard _ ->
                        throw new IllegalArgumentException("the board has its controller already");
            }
        }
        bus.attach(
                Lamebus.CONTROLLER_SLOT,
                spec.oldBoard() ? CardId.OLD_MAINBOARD : CardId.MAINBOARD,
                new LamebusController(
                        bus,
                        machine.timeline().of(Lamebus.CONTROLLER_SLOT),
                        machine.cpus(),
                        bus.lines().line(Lamebus.CONTROLLER_SLOT),
                        misuse,
                        spec.ramBytes(),
                        spec.oldBoard(),
                        spec.strict()));
        return new Sys161Board(bus);
    }

    /** Shows how lines are driven, while somebody wants to know: devices drive them often. */
    private static void traceLines(InterruptLines lines, TraceSwitches switches) {
        DeviceTrace trace = switches.of(TraceKind.INTERRUPT);
        InterruptLines.LineTrace shown =
                (slot, up) -> trace.say("Slot %2d: irq %s".formatted(slot, up ? "ON" : "OFF"));
        switches.onChange(() -> lines.trace(trace.on() ? shown : null));
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

    /** The cards are put away: the trace sees emufs close what it used last. */
    void putAway() {
        for (int slot = 0; slot < Lamebus.SLOTS; slot++) {
            if (bus.device(slot) instanceof Emufs emufs) {
                emufs.putAway();
            }
        }
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
                if (device instanceof Screen screen) {
                    screen.receive(input.bytes());
                    return;
                }
            }
            case FRAME -> {
                if (device instanceof Nic nic) {
                    nic.deliver(input.bytes());
                    return;
                }
            }
            case ANSWER, REGISTER, MEMORY -> {}
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
