package kseg.machine;

import java.util.Arrays;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import kseg.cpu.BreakWatch;
import kseg.cpu.Cpu;
import kseg.memory.FramePool;
import kseg.memory.PageMaps;

/**
 * Where a machine is to stop for a debugger: in front of instructions at certain addresses, in
 * front of the kernel's BREAK instructions, or behind a CPU's next step. {@link Machine#run} then
 * returns {@link Exit.Breakpoint}; run again, it goes on from there.
 *
 * <p>None of this is state of the machine, and stopping changes nothing: guest memory is not
 * written. Code runs at its usual speed except in pages that hold a breakpoint, which are made step
 * by step.
 *
 * <p>Not thread-safe: the machine's owner.
 */
public final class Stops implements BreakWatch {
    /** {@link #stepCpu}: no CPU. */
    public static final int NOBODY = -1;

    /** kseg0 and kseg1, as signed numbers, are below this. */
    private static final int KSEG2 = 0xc0000000;

    private final IntConsumer stop;
    private final SortedSet<Integer> breakpoints = new TreeSet<>();
    private int[] pages = {};
    private boolean atBreaks;
    private int stepping = NOBODY;

    /** Where each CPU last stopped: it goes on from there without stopping again. */
    private final long[] stoppedCycles;

    private final int[] stoppedPc;

    /**
     * @param stop ends the run in front of the next step, for the CPU given
     */
    Stops(int cpus, IntConsumer stop) {
        this.stop = stop;
        stoppedCycles = new long[cpus];
        stoppedPc = new int[cpus];
        Arrays.fill(stoppedCycles, -1);
    }

    /** Stops in front of the instruction at a virtual address, in whatever address space. */
    public void add(int vaddr) {
        breakpoints.add(vaddr);
        listPages();
    }

    /** Takes a breakpoint back; one that is not there is none. */
    public void remove(int vaddr) {
        breakpoints.remove(vaddr);
        listPages();
    }

    /** How many breakpoints there are. */
    public int size() {
        return breakpoints.size();
    }

    /** Whether to stop in front of BREAK instructions in kseg0 and kseg1. */
    public void stopAtBreaks(boolean wanted) {
        atBreaks = wanted;
    }

    /** Stops behind this CPU's next step, once; {@link #NOBODY}: does not. */
    public void stepCpu(int cpu) {
        stepping = cpu;
    }

    /** Forgets everything. */
    public void clear() {
        breakpoints.clear();
        atBreaks = false;
        stepping = NOBODY;
        listPages();
    }

    private void listPages() {
        pages =
                breakpoints.stream()
                        .mapToInt(vaddr -> vaddr >>> FramePool.FRAME_SHIFT)
                        .sorted()
                        .distinct()
                        .toArray();
    }

    /** Makes the maps of the machine that is to run now keep pages with breakpoints out. */
    void guard(PageMaps maps) {
        maps.guard(pages);
    }

    /** Whether the CPU's next step has to be made by itself. */
    boolean concern(Cpu cpu) {
        return cpu.index() == stepping
                || pages.length != 0
                        && Arrays.binarySearch(pages, cpu.pc >>> FramePool.FRAME_SHIFT) >= 0;
    }

    /** Stops in front of the CPU's next step if there is a breakpoint; says whether it does. */
    boolean stopsBefore(Cpu cpu) {
        return breakpoints.contains(cpu.pc) && stopsHere(cpu);
    }

    @Override
    public boolean stopsAtBreak(Cpu cpu) {
        return atBreaks && cpu.pc < KSEG2 && stopsHere(cpu);
    }

    private boolean stopsHere(Cpu cpu) {
        int i = cpu.index();
        if (stoppedCycles[i] == cpu.cycles && stoppedPc[i] == cpu.pc) {
            return false;
        }
        stopped(cpu);
        return true;
    }

    /** The CPU has made a step by itself. */
    void stepped(Cpu cpu) {
        if (cpu.index() == stepping) {
            stopped(cpu);
        }
    }

    private void stopped(Cpu cpu) {
        stoppedCycles[cpu.index()] = cpu.cycles;
        stoppedPc[cpu.index()] = cpu.pc;
        stepping = NOBODY;
        stop.accept(cpu.index());
    }
}
