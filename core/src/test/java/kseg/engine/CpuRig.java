package kseg.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import kseg.bus.BusError;
import kseg.bus.PhysicalBus;
import kseg.bus.Width;
import kseg.cpu.Cpu;
import kseg.cpu.Mmu;
import kseg.cpu.PreciseStep;
import kseg.engine.compile.CompilerOptions;
import kseg.engine.compile.HostWorker;
import kseg.engine.compile.Jit;
import kseg.engine.interpret.Interpreter;
import kseg.isa.Assembler;
import kseg.isa.CpuModel;
import kseg.isa.Registers;
import kseg.machine.EngineKind;
import kseg.memory.FramePool;
import kseg.memory.PageMaps;
import kseg.memory.PhysicalMemory;
import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;
import org.jspecify.annotations.Nullable;

/**
 * A bench for engines: one CPU, 1 MB of RAM, a boot ROM, one device, and interrupt lines that rise
 * when told. No board, no scheduler. Blocks are compiled before they are first executed.
 *
 * <p>The device at {@link #DEVICE}: a read gives the number of accesses so far, a write raises the
 * LAMEbus line if bit 0 of the datum is set, else lowers it. A halfword or byte write is a bus
 * error.
 */
public final class CpuRig implements PhysicalBus {
    public static final int RAM_BYTES = 1 << 20;
    public static final int ROM = 0x1fc00000;
    public static final int DEVICE = 0x1fe00000;

    /** Where a program starts; its body follows a page later. */
    public static final int CODE = 0x80001000;

    public static final int BODY = 0x80002000;

    /** Interrupt line changes at a cycle, before the step that starts there. */
    public record LineChange(long cycle, int line, boolean raised) {}

    private record Placement(int paddr, int[] words) {}

    private final PhysicalMemory memory;
    private final PhysicalMemory.Image emptyMemory;
    private final byte[] resetState;
    private final Cpu cpu;
    private final Jit jit;
    private final Engine engine;
    private final boolean littleEndian;
    private final List<Placement> placements = new ArrayList<>();
    private final List<LineChange> lineChanges = new ArrayList<>();
    private final List<String> misuses = new ArrayList<>();
    private int nextChange;
    private int deviceAccesses;
    private int failingAccess;
    private int entry = CODE;

    /** Memory with the program in it, kept so that what is compiled stays valid. */
    private PhysicalMemory.@Nullable Image program;

    private String expected = "";

    public CpuRig(EngineKind kind, CpuModel model, boolean littleEndian) {
        this.littleEndian = littleEndian;
        FramePool pool = FramePool.forRam(RAM_BYTES);
        var maps = new PageMaps();
        var code = new CodePages(pool, maps, model, littleEndian);
        jit = new Jit(new HostWorker(pool, maps), code, CompilerOptions.EAGER);
        memory = new PhysicalMemory(pool, maps, jit.watcher(), RAM_BYTES);
        maps.serve(memory, 0);
        cpu = new Cpu(0, model, littleEndian);
        var precise = new PreciseStep(new Mmu(memory, this), misuses::add);
        engine =
                switch (kind) {
                    case INTERPRETER -> new Interpreter(precise, code);
                    case JIT -> jit.engine(precise);
                };
        emptyMemory = memory.share();
        resetState = cpuState();
    }

    public Cpu cpu() {
        return cpu;
    }

    public PhysicalMemory memory() {
        return memory;
    }

    /** What the compiler has done. */
    TierReport tiers() {
        return jit.report();
    }

    public List<String> misuses() {
        return misuses;
    }

    // The program

    /** Forgets the program, its placements and its interrupts. */
    public void clear() {
        changed();
        placements.clear();
        lineChanges.clear();
        entry = CODE;
    }

    /** Assembles a part of the program for a virtual address in kseg0. */
    public CpuRig place(int vaddr, String source) {
        return place(vaddr & 0x1fffffff, vaddr, source);
    }

    /** Assembles a part of the program for {@code vaddr} and places it at {@code paddr}. */
    public CpuRig place(int paddr, int vaddr, String source) {
        return place(paddr, Assembler.assemble(source, vaddr));
    }

    public CpuRig place(int paddr, int... words) {
        changed();
        placements.add(new Placement(paddr, words));
        return this;
    }

    public CpuRig startAt(int vaddr) {
        entry = vaddr;
        return this;
    }

    /** Changes a line at a cycle; in the order of cycles. */
    public CpuRig line(long cycle, int line, boolean raised) {
        lineChanges.add(new LineChange(cycle, line, raised));
        return this;
    }

    /** Puts the CPU into the reset state, and the program into zeroed memory. */
    public void reset() {
        if (program == null) {
            memory.restore(emptyMemory);
            placements.forEach(this::put);
            program = memory.share();
        } else {
            memory.restore(program);
        }
        cpu.restore(new StateReader(resetState, List.of()));
        cpu.deviceUntil = Long.MAX_VALUE;
        cpu.start(entry);
        nextChange = 0;
        deviceAccesses = 0;
        failingAccess = -1;
        misuses.clear();
    }

    private void put(Placement placement) {
        byte[] bytes = new byte[4 * placement.words.length];
        for (int i = 0; i < bytes.length; i++) {
            int shift = 8 * (littleEndian ? i & 3 : 3 - (i & 3));
            bytes[i] = (byte) (placement.words[i >> 2] >>> shift);
        }
        memory.put(placement.paddr, bytes);
    }

    private void changed() {
        if (program != null) {
            program.close();
            program = null;
        }
    }

    /** Until the next reset the device's reads fail, as the host can, after so many accesses. */
    void failAt(int accesses) {
        failingAccess = accesses;
    }

    // Running

    /** Runs until so many steps have been executed since reset, or until the CPU waits. */
    public void runTo(long cycles) {
        while (cpu.cycles < cycles && !cpu.waiting) {
            if (cpu.cp0().matchAt() == cpu.cycles) {
                cpu.cp0().timerMatched();
            }
            while (nextChange < lineChanges.size()
                    && lineChanges.get(nextChange).cycle <= cpu.cycles) {
                LineChange change = lineChanges.get(nextChange++);
                cpu.setLine(change.line, change.raised);
            }
            long next =
                    nextChange < lineChanges.size()
                            ? lineChanges.get(nextChange).cycle
                            : Long.MAX_VALUE;
            cpu.stopAt = Math.min(cycles, Math.min(next, cpu.cp0().matchAt()));
            engine.run(cpu);
        }
    }

    /** Runs the program whole, then stopped after every 1 and 3 steps: equal states. */
    public void run(int steps) {
        for (int slice : new int[] {1, 3, steps}) {
            reset();
            long at = 0;
            while (at < steps && !cpu.waiting) {
                at = Math.min(steps, at + slice);
                runTo(at);
            }
            if (slice == 1) {
                expected = state();
            } else {
                assertThat(state()).as("in slices of %d steps", slice).isEqualTo(expected);
            }
        }
    }

    // State

    /** Everything guest-visible, to be compared and to be read. */
    public String state() {
        var text = new StringBuilder();
        text.append(
                "pc %08x npc %08x slot %b cycles %d waiting %b%n"
                        .formatted(cpu.pc, cpu.npc, cpu.inSlot, cpu.cycles, cpu.waiting));
        for (int i = 0; i < Cpu.SINK; i++) {
            text.append(
                    "%s %08x%s".formatted(Registers.name(i), cpu.gpr[i], i % 8 == 7 ? "\n" : " "));
        }
        text.append("hi %08x lo %08x%n".formatted(cpu.gpr[Cpu.HI], cpu.gpr[Cpu.LO]));
        for (int register = 0; register < 15; register++) {
            if (cpu.cp0().exists(register, 0)) {
                text.append("c%d %08x ".formatted(register, cp0(register)));
            }
        }
        return text.append(
                        "%nhashes %x %x misuses %s%n".formatted(cpuHash(), memory.hash(), misuses))
                .toString();
    }

    /** A quick stand-in for {@link #state}. */
    public long stateHash() {
        return cpuHash() * 31 + memory.hash() + misuses.size();
    }

    private long cpuHash() {
        long hash = deviceAccesses;
        for (byte b : cpuState()) {
            hash = hash * 0x9e3779b97f4a7c15L + b;
        }
        return hash;
    }

    private byte[] cpuState() {
        var out = new StateWriter();
        cpu.save(out);
        return out.toBytes();
    }

    public int cp0(int register) {
        return cpu.cp0().read(register, 0);
    }

    /** A register by its name without the dollar, as in "t0". */
    public int reg(String name) {
        for (int i = 0; i < Cpu.SINK; i++) {
            if (Registers.name(i).equals("$" + name.toLowerCase(Locale.ROOT))) {
                return cpu.gpr[i];
            }
        }
        throw new IllegalArgumentException(name);
    }

    /** The word at a physical address, in the CPU's byte order. */
    public int word(int paddr) {
        int word = memory.word(paddr);
        return littleEndian ? Integer.reverseBytes(word) : word;
    }

    // PhysicalBus

    @Override
    public int read(int paddr, Width width) {
        if (paddr != DEVICE) {
            throw BusError.INSTANCE;
        }
        if (deviceAccesses == failingAccess) {
            throw new IllegalStateException("access " + failingAccess);
        }
        return ++deviceAccesses;
    }

    @Override
    public void write(int paddr, int value, Width width) {
        if (paddr != DEVICE || width != Width.WORD) {
            throw BusError.INSTANCE;
        }
        deviceAccesses++;
        cpu.setLine(Cpu.LINE_LAMEBUS, (value & 1) != 0);
    }

    @Override
    public boolean isRom(int paddr) {
        return (paddr ^ ROM) >>> FramePool.FRAME_SHIFT == 0;
    }
}
