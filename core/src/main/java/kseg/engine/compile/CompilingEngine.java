package kseg.engine.compile;

import kseg.cpu.Cpu;
import kseg.cpu.PreciseStep;
import kseg.engine.CodePages;
import kseg.engine.Engine;
import kseg.engine.interpret.FastLoop;
import kseg.memory.FramePool;
import kseg.memory.PageMaps;
import kseg.memory.PhysicalMemory;

/**
 * Runs hot code as JVM bytecode, everything else as the interpreter does.
 *
 * <p>Exactness comes from three rules. A region executes a block only if the budget covers it; else
 * the interpreter's loop takes the few steps that are left. A region leaves before any instruction
 * that is not ordinary this time, and the interpreter's loop or {@link PreciseStep} executes that
 * one. Whatever begins in a delay slot is interpreted.
 *
 * <p>Hot code is found by sampling: between regions the interpreter runs in short stretches, and
 * the blocks in front of which they end are counted.
 */
final class CompilingEngine implements Engine {
    private static final int MAX_BUDGET = 1 << 30;

    /** Blocks to interpret one by one, looking for compiled code, before stretches begin. */
    private static final int PATIENCE = 16;

    /** The same in code that a region holds: it can be entered soon. */
    private static final int HELD_PATIENCE = 64;

    /** Steps of a stretch. */
    private static final int STRETCH = 200;

    /**
     * The first ones are short, so that HotSpot, which counts calls and rounds and looks at every
     * 1,024th call and every 8,192nd round, compiles the interpreter's loop as a method first. If a
     * round tells first, it compiles what the stretch that is under way would go on with: no other
     * stretch can use that, and all have to wait until it is done.
     */
    private static final int FIRST_STRETCH = 6;

    /** How long stretches are short: until HotSpot has seen enough. */
    private static final int FIRST_STEPS = 2_000_000;

    /**
     * Steps of compiled code that count as one of the interpreted code that led there, as a shift.
     */
    private static final int LEAD_SHIFT = 11;

    private final PreciseStep precise;
    private final CodePages code;
    private final FastLoop loop;
    private final Jit jit;
    private final CodeCache cache;
    private final PhysicalMemory memory;
    private final IdleLoop idle = new IdleLoop();

    CompilingEngine(PreciseStep precise, CodePages code, Jit jit) {
        this.precise = precise;
        this.code = code;
        this.jit = jit;
        cache = jit.cache();
        loop = new FastLoop(code, precise);
        memory = precise.mmu().memory();
    }

    @Override
    public void run(Cpu cpu) {
        jit.checkPool();
        jit.begin();
        while (cpu.cycles < cpu.stopAt) {
            if (cpu.interruptDue()) {
                cpu.takeInterrupt();
            }
            int budget = (int) Math.min(MAX_BUDGET, cpu.stopAt - cpu.cycles);
            int left = cpu.cacheIsolated() ? interpret(cpu, budget) : runOrdinary(cpu, budget);
            if (left != 0) {
                long before = cpu.cycles;
                precise.step(cpu);
                jit.counters.preciseSteps += cpu.cycles - before; // 0 if a device has to wait
                jit.checkPool();
            }
        }
    }

    private int interpret(Cpu cpu, int steps) {
        int rest = loop.run(cpu, memory, steps);
        cpu.retired(steps - rest);
        jit.counters.interpretedSteps += steps - rest;
        return rest;
    }

    /** Runs and counts instructions until one is for PreciseStep, or the budget is spent. */
    private int runOrdinary(Cpu cpu, int budget) { // hot
        PageMaps maps = memory.maps();
        boolean user = cpu.userMode();
        int[] fetch = user ? maps.userRead() : maps.kernelRead();
        Linkage.Jumps jumps = jit.jumps(user);
        jumps.precise = precise;
        int outside = FramePool.outside(memory.bytes());
        int blocks = jit.eager() ? Integer.MIN_VALUE : 0;
        boolean inBlock = false;
        int left = budget;
        int sinceSample = budget;
        CodeCache.Entry lead = null; // of the interpreted block that leads to a region
        int leadPc = 0;
        int leadFetched = 0;
        while (left > 0) {
            int pc = cpu.pc;
            int fetched = pc + fetch[pc >>> 12];
            if ((fetched & (outside | 3)) != 0) {
                return left;
            }
            int steps;
            int jump = 0; // an indirect one, with which the steps end
            if (cpu.inSlot || cpu.npc != pc + 4) {
                steps = 1;
            } else if (inBlock) {
                steps = blockLength(fetched);
                inBlock = false;
                if (steps <= left && endsInIndirectJump(fetched, steps)) {
                    jump = pc + 4 * (steps - 2);
                }
            } else {
                CodeCache.Entry entry = cache.at(fetched);
                Region region = entry.region;
                if (region == null || entry.key != CodeCache.key(pc, user)) {
                    if (blocks >= 0 || jit.eager()) {
                        jit.sample(entry, fetched, pc, user, sinceSample - left);
                        sinceSample = left;
                        region = entry.region;
                    }
                    if (lead == null) {
                        lead = entry;
                        leadPc = pc;
                        leadFetched = fetched;
                    }
                }
                if (region != null && entry.key == CodeCache.key(pc, user)) {
                    if (entry.idle && left > IdleLoop.LEAST_STEPS) {
                        int waited = await(cpu, entry, fetch, left);
                        if (waited != 0) {
                            left -= waited;
                            sinceSample = left;
                            continue;
                        }
                    }
                    mapPages(cpu, region, fetch);
                    jumps.budget = left;
                    int rest = region.run(cpu, pc, left, Region.MAX_DEPTH);
                    int executed = left - (rest < 0 ? ~rest : rest);
                    jit.counters.entered++;
                    jit.counters.compiledSteps += executed;
                    cpu.retired(jumps.budget - (rest < 0 ? ~rest : rest));
                    if (executed != 0) {
                        jit.listener.left(cpu);
                    }
                    if (jumps.from != 0) {
                        jit.jumped(jumps);
                    }
                    if (lead != null) {
                        if (lead.region == null && !cache.installed().holds(leadFetched)) {
                            jit.sample(lead, leadFetched, leadPc, user, executed >> LEAD_SHIFT);
                        }
                        lead = null;
                    }
                    if (rest >= 0 && rest < left) {
                        left = rest;
                        sinceSample = left;
                        blocks = Math.min(blocks, 0);
                        continue;
                    }
                    left = rest < 0 ? ~rest : rest;
                    sinceSample = left;
                    jumps.settle();
                    if (!jumps.flaws.isEmpty()) {
                        jit.flawed(jumps);
                    }
                    if (jumps.stepped) {
                        jumps.stepped = false;
                        jit.checkPool();
                        return 0;
                    }
                    int stop = cpu.pc + fetch[cpu.pc >>> 12];
                    if ((stop & (outside | 3)) != 0
                            || jit.stoppedForPrecise(cpu, stop, user, left)) {
                        return left;
                    }
                    if (!cpu.inSlot && refusedCall(stop, cpu.pc, user)) {
                        jit.counters.relinked++;
                        continue;
                    }
                    jit.counters.stoppedOrdinary(left);
                    steps = RegionGraph.MAX_PATH;
                    inBlock = true;
                } else if (blocks++ < PATIENCE) {
                    steps = blockLength(fetched);
                } else if (cache.installed().holds(fetched)) {
                    blocks = PATIENCE - HELD_PATIENCE;
                    steps = blockLength(fetched);
                } else {
                    boolean first = jit.counters.interpretedSteps < FIRST_STEPS;
                    steps = first ? FIRST_STRETCH : STRETCH;
                    inBlock = true;
                    lead = null;
                }
            }
            steps = Math.min(steps, left);
            int rest = interpret(cpu, steps);
            left -= steps - rest;
            if (rest > 0 || cpu.cacheIsolated()) { // a local MTC0 may have isolated it
                return left;
            }
            if (jump != 0 && !cpu.inSlot) {
                jit.learn(jump, fetched + jump - pc, cpu.pc);
            }
        }
        return left;
    }

    /**
     * Executes a round of what may be an idle loop; if it is one, then all rounds that fit are
     * done. Says how many steps that makes.
     */
    private int await(Cpu cpu, CodeCache.Entry entry, int[] fetch, int left) {
        int head = cpu.pc;
        int outside = FramePool.outside(memory.bytes());
        int round = 0;
        boolean back = false;
        idle.begin(cpu);
        while (!back) {
            int fetched = cpu.pc + fetch[cpu.pc >>> 12];
            boolean mapped = (fetched & (outside | 3)) == 0;
            int block = mapped ? IdleLoop.block(code.at(fetched >>> 12), fetched) : 0;
            if (block == 0 || round + block > IdleLoop.MAX_ROUND) {
                break;
            }
            int rest = interpret(cpu, block);
            round += block - rest;
            if (rest != 0) {
                break;
            }
            back = cpu.pc == head;
        }
        if (!back || !idle.unchanged(cpu)) {
            entry.idle = ++entry.busy < PATIENCE;
            return round;
        }
        entry.busy = 0;
        int skipped = (left - round) / round * round;
        cpu.retired(skipped);
        jit.counters.skippedSteps += skipped;
        return round + skipped;
    }

    /**
     * Maps are filled lazily: a page of the region other than the first may be mappable but not
     * mapped, after a switch of address spaces for example.
     */
    private void mapPages(Cpu cpu, Region region, int[] fetch) {
        for (int i = 1; i < region.pages.length; i++) {
            int page = region.pages[i];
            if ((page + fetch[page >>> 12] & Integer.MIN_VALUE) != 0) {
                precise.mapForFetch(cpu, page);
            }
        }
    }

    /** Whether a direct call went wrong that goes right now. */
    private boolean refusedCall(int fetched, int pc, boolean user) {
        CodeCache.Entry entry = cache.at(fetched);
        return entry.key == CodeCache.key(pc, user) && cache.relink(entry);
    }

    /** Whether the last but one of so many instructions is a jump to a register. */
    private boolean endsInIndirectJump(int fetched, int steps) {
        int index = (fetched & 0xfff) / 4 + steps - 2;
        return index >= 0
                && index < CodePages.WORDS
                && CodeReader.isIndirect(code.at(fetched >>> 12), index);
    }

    /** Instructions up to and including the next branch and its delay slot, at least one. */
    private int blockLength(int fetched) {
        long[] page = code.at(fetched >>> 12);
        int start = (fetched & 0xfff) >>> 2;
        int index = start;
        while (index < CodePages.WORDS && !Scout.isBranch(page[index])) {
            index++;
        }
        return Math.max(1, index + 2 - start);
    }
}
