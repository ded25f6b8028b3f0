package kseg.verify;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import kseg.bus.BusError;
import kseg.bus.PhysicalBus;
import kseg.bus.Width;
import kseg.cpu.Cpu;
import kseg.cpu.Mmu;
import kseg.cpu.PreciseStep;
import kseg.engine.CodePages;
import kseg.engine.Engine;
import kseg.engine.RegionListener;
import kseg.isa.Decoder;
import kseg.isa.Insn;
import kseg.memory.FramePool;
import kseg.memory.PageMaps;
import kseg.memory.PhysicalMemory;
import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;
import kseg.verify.Start.LineChange;
import kseg.verify.Start.Stop;
import org.jspecify.annotations.Nullable;

/**
 * One CPU, 256 KB of RAM, a page of ROM, one device, and an engine. Made once and reset for every
 * execution, because page maps and pools are large.
 *
 * <p>The device at {@link #DEVICE}: a word read gives the number of accesses so far, a word written
 * raises the LAMEbus line if its bit 0 is set, else lowers it. Everything else is a bus error.
 */
final class Bench implements PhysicalBus, RegionListener {
    static final int RAM_BYTES = 1 << 18;
    static final int ROM = 0x1fc00000;
    static final int DEVICE = 0x1fe00000;

    private static final int PAGES = RAM_BYTES >>> FramePool.FRAME_SHIFT;
    private static final VarHandle BIG =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final Processor processor;
    private final PhysicalMemory memory;
    private final PageMaps maps;
    private final Mmu mmu;
    private final Cpu cpu;
    private final Engine engine;
    private final Decoder decoder;
    private final byte[] resetState;
    private final PhysicalMemory.Image empty;
    private final List<String> misuses = new ArrayList<>();
    private final List<PhysicalMemory.Image> shared = new ArrayList<>();

    private @Nullable List<Part> firmware;
    private PhysicalMemory.@Nullable Image withFirmware;
    private @Nullable Body body;
    private PhysicalMemory.@Nullable Image withBody;
    private final int[] cleanFrames = new int[PAGES];

    private Runnable whenLeft = () -> {};
    private List<LineChange> lines = List.of();
    private int nextLine;
    private int deviceAccesses;

    Bench(Processor processor, EngineKit kit, PageMaps maps) {
        this.processor = processor;
        this.maps = maps;
        FramePool pool = FramePool.forRam(RAM_BYTES);
        var code = new CodePages(pool, maps, processor.model(), processor.littleEndian());
        EngineKit.Fitted fitted = kit.fit(pool, maps, code, this);
        memory = new PhysicalMemory(pool, maps, fitted.watcher(), RAM_BYTES);
        maps.serve(memory, 0);
        cpu = new Cpu(0, processor.model(), processor.littleEndian());
        mmu = new Mmu(memory, this);
        engine = fitted.engine().apply(new PreciseStep(mmu, misuses::add));
        decoder = Decoder.of(processor.model());
        resetState = state();
        empty = memory.share();
    }

    Cpu cpu() {
        return cpu;
    }

    Mmu mmu() {
        return mmu;
    }

    List<String> misuses() {
        return misuses;
    }

    int deviceAccesses() {
        return deviceAccesses;
    }

    /** Page maps may have served another bench since. */
    void takeMaps() {
        maps.serve(memory, 0);
    }

    // Starting

    @SuppressWarnings("ReferenceEquality") // what is the same object has been loaded already
    void reset(Body wanted, Start start) {
        shared.forEach(PhysicalMemory.Image::close);
        shared.clear();
        if (wanted != body) {
            load(wanted);
        }
        if (withBody != null) {
            memory.restore(withBody);
        }
        for (Part poke : start.pokes()) {
            memory.put(poke.paddr(), poke.bytes(processor.littleEndian()));
        }
        cpu.restore(new StateReader(resetState, List.of()));
        System.arraycopy(start.gpr(), 0, cpu.gpr, 0, 32);
        cpu.gpr[0] = 0;
        cpu.gpr[Cpu.HI] = start.gpr()[32];
        cpu.gpr[Cpu.LO] = start.gpr()[33];
        for (int i = 0; i < start.tlb().length; i += 3) {
            cpu.tlb().set(start.tlb()[i], start.tlb()[i + 1], start.tlb()[i + 2]);
        }
        for (int i = 0; i < start.cp0().length; i += 2) {
            cpu.cp0().write(start.cp0()[i], 0, start.cp0()[i + 1]);
        }
        cpu.deviceUntil = Long.MAX_VALUE;
        cpu.start(start.pc());
        lines = start.lines();
        nextLine = 0;
        deviceAccesses = 0;
        misuses.clear();
    }

    @SuppressWarnings("ReferenceEquality") // as above
    private void load(Body wanted) {
        if (withBody != null) {
            withBody.close();
        }
        if (wanted.firmware() != firmware || withFirmware == null) {
            if (withFirmware != null) {
                withFirmware.close();
            }
            memory.restore(empty);
            wanted.firmware().forEach(this::put);
            withFirmware = memory.share();
            firmware = wanted.firmware();
        } else {
            memory.restore(withFirmware);
        }
        wanted.parts().forEach(this::put);
        body = wanted;
        withBody = memory.share();
        for (int page = 0; page < PAGES; page++) {
            cleanFrames[page] = memory.frame(page);
        }
    }

    private void put(Part part) {
        memory.put(part.paddr(), part.bytes(processor.littleEndian()));
    }

    // Running

    /** Runs until so many steps have been executed since the start. Who waits is woken at once. */
    void runTo(long cycles) { // hot
        while (cpu.cycles < cycles) {
            if (cpu.waiting) {
                cpu.waiting = false;
                cpu.setLine(Cpu.LINE_LAMEBUS, true);
            }
            if (cpu.cp0().matchAt() == cpu.cycles) {
                cpu.cp0().timerMatched();
            }
            long next = changeLines();
            cpu.stopAt = Math.min(cycles, Math.min(next, cpu.cp0().matchAt()));
            engine.run(cpu);
            if (cpu.deviceBlocked) {
                cpu.deviceBlocked = false;
                cpu.deviceUntil = Long.MAX_VALUE;
            }
        }
    }

    /** Changes the lines that are due; says when the next will be. */
    private long changeLines() {
        while (nextLine < lines.size()) {
            LineChange change = lines.get(nextLine);
            if (change.cycle() > cpu.cycles) {
                return change.cycle();
            }
            cpu.setLine(change.line(), change.raised());
            nextLine++;
        }
        return Long.MAX_VALUE;
    }

    void act(Stop stop) {
        switch (stop.action()) {
            case LOOK -> {}
            case HASH -> memory.hash();
            case SHARE -> shared.add(memory.share());
            case DROP -> maps.dropAll();
            case WRITE -> memory.putWord(stop.paddr(), stop.word());
            case BLOCK -> cpu.deviceUntil = cpu.clock - 1;
        }
    }

    // RegionListener

    @Override
    public void left(Cpu who) {
        whenLeft.run();
    }

    /** Is called whenever the engine has left compiled code. */
    void whenLeft(Runnable look) {
        whenLeft = look;
    }

    // Looking

    /** The instruction of the next step; null if its fetch will fail. Changes nothing. */
    @Nullable Insn next() {
        int pc = cpu.pc;
        int[] map = cpu.userMode() ? maps.userRead() : maps.kernelRead();
        byte[] bytes = memory.bytes();
        int at = pc + map[pc >>> FramePool.FRAME_SHIFT];
        int word;
        if ((at & (FramePool.outside(bytes) | 3)) == 0) {
            word = (int) BIG.get(bytes, at);
        } else {
            long paddr = mmu.translate(cpu, pc, false, 3);
            if (paddr < 0 || !mmu.isMemory(paddr)) {
                return null;
            }
            word = memory.word((int) paddr);
        }
        return decoder.decode(processor.littleEndian() ? Integer.reverseBytes(word) : word);
    }

    /** The word at a physical address, in the CPU's byte order. */
    int word(int paddr) {
        int word = memory.word(paddr);
        return processor.littleEndian() ? Integer.reverseBytes(word) : word;
    }

    /** The CPU's complete state. */
    byte[] state() {
        var out = new StateWriter();
        cpu.save(out);
        return out.toBytes();
    }

    /** Whether all guest-visible state equals another bench's, of the same body. */
    boolean equalTo(Bench other) {
        return deviceAccesses == other.deviceAccesses
                && misuses.equals(other.misuses)
                && Arrays.equals(state(), other.state())
                && differingPage(other) < 0;
    }

    /** Physical number of the first page whose contents differ; -1 if none does. */
    int differingPage(Bench other) {
        for (int page = 0; page < PAGES; page++) {
            int mine = memory.frame(page);
            int its = other.memory.frame(page);
            boolean clean = mine == cleanFrames[page] && its == other.cleanFrames[page];
            if (!clean && !equal(mine, other, its)) {
                return page;
            }
        }
        return -1;
    }

    private boolean equal(int frame, Bench other, int otherFrame) {
        int from = frame << FramePool.FRAME_SHIFT;
        int otherFrom = otherFrame << FramePool.FRAME_SHIFT;
        int size = FramePool.FRAME_BYTES;
        byte[] otherBytes = other.memory.bytes();
        return Arrays.equals(
                memory.bytes(), from, from + size, otherBytes, otherFrom, otherFrom + size);
    }

    // PhysicalBus

    @Override
    public int read(int paddr, Width width) {
        if (paddr != DEVICE) {
            throw BusError.INSTANCE;
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
