package kseg.engine.interpret;

import kseg.cpu.Cpu;
import kseg.cpu.PreciseStep;
import kseg.engine.CodePages;
import kseg.engine.Engine;
import kseg.memory.PhysicalMemory;

/**
 * Interprets decoded pages: the reference for every other engine. Keeps the contract of {@link
 * Engine}; {@link FastLoop} takes the ordinary instructions, {@link PreciseStep} all others.
 */
public final class Interpreter implements Engine {
    private static final int MAX_BUDGET = 1 << 30;

    private final PreciseStep precise;
    private final FastLoop loop;
    private final PhysicalMemory memory;

    public Interpreter(PreciseStep precise, CodePages code) {
        this.precise = precise;
        memory = precise.mmu().memory();
        loop = new FastLoop(code, precise);
    }

    @Override
    public void run(Cpu cpu) {
        while (cpu.cycles < cpu.stopAt) {
            if (cpu.interruptDue()) {
                cpu.takeInterrupt();
            }
            int budget = (int) Math.min(MAX_BUDGET, cpu.stopAt - cpu.cycles);
            int left = loop.run(cpu, memory, budget);
            cpu.retired(budget - left);
            if (left != 0) {
                precise.step(cpu);
            }
        }
    }
}
