package kseg.engine.compile;

import kseg.cpu.Cpu;
import kseg.cpu.PreciseStep;
import kseg.engine.CodePages;
import kseg.engine.Engine;
import kseg.engine.interpret.FastLoop;
import kseg.memory.PageMaps;
import kseg.memory.PhysicalMemory;

/**
 * Runs hot basic blocks as JVM bytecode, everything else as the interpreter does. Crude: it exists
 * to test the {@link Engine} contract, and stops at every block's end.
 *
 * <p>Exactness comes from three rules. A block runs only if the budget covers all of it; else the
 * interpreter's loop takes the few steps that are left. A block leaves before any instruction that
 * is not ordinary this time, and {@link PreciseStep} executes that one. Whatever begins in a delay
 * slot is interpreted.
 */
public final class BlockEngine implements Engine {
    private static final int MAX_BUDGET = 1 << 30;

    private final PreciseStep precise;
    private final FastLoop loop;
    private final BlockCache blocks;
    private final PhysicalMemory memory;

    public BlockEngine(PreciseStep precise, CodePages code, BlockCache blocks) {
        this.precise = precise;
        this.blocks = blocks;
        loop = new FastLoop(code, precise);
        memory = precise.mmu().memory();
    }

    @Override
    public void run(Cpu cpu) {
        while (cpu.cycles < cpu.stopAt) {
            if (cpu.interruptDue()) {
                cpu.takeInterrupt();
            }
            int budget = (int) Math.min(MAX_BUDGET, cpu.stopAt - cpu.cycles);
            int left = runOrdinary(cpu, budget);
            if (left != 0) {
                precise.step(cpu);
            }
        }
    }

    /** Runs and counts ordinary instructions until one is not, or the budget is spent. */
    private int runOrdinary(Cpu cpu, int budget) { // hot
        PageMaps maps = memory.maps();
        boolean user = cpu.userMode();
        boolean isolated = cpu.cacheIsolated();
        int[] fetch = user ? maps.userRead() : maps.kernelRead();
        int[] readMap = isolated ? maps.nothing() : fetch;
        int[] writeMap = isolated ? readMap : user ? maps.userWrite() : maps.kernelWrite();
        byte[] mem = memory.bytes();
        int outside = -mem.length;
        int left = budget;
        while (left > 0) {
            int fetched = cpu.pc + fetch[cpu.pc >>> 12];
            if ((fetched & (outside | 3)) != 0) {
                break;
            }
            int steps = 1;
            if (!cpu.inSlot && cpu.npc == cpu.pc + 4) {
                BlockCache.Entry entry = blocks.at(fetched);
                steps = Math.max(1, entry.length);
                Block block = entry.block == null ? blocks.warm(entry, fetched) : entry.block;
                if (block != null && steps <= left) {
                    int executed = block.run(cpu, cpu.gpr, mem, readMap, writeMap, outside);
                    cpu.retired(executed);
                    left -= executed;
                    if (executed < steps) {
                        break;
                    }
                    continue;
                }
            }
            steps = Math.min(steps, left);
            int rest = loop.run(cpu, memory, steps);
            cpu.retired(steps - rest);
            left -= steps - rest;
            if (rest > 0) {
                break;
            }
        }
        return left;
    }
}
