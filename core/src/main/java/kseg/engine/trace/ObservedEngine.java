package kseg.engine.trace;

import kseg.cpu.Cpu;
import kseg.engine.Engine;

/**
 * Makes one step at a time on another engine, and shows it to an observer. It returns after each
 * step, as an engine may whose {@code stopAt} was lowered: the machine looks more often, which
 * changes nothing.
 */
public final class ObservedEngine implements Engine {
    private final Engine engine;
    private final StepObserver observer;

    public ObservedEngine(Engine engine, StepObserver observer) {
        this.engine = engine;
        this.observer = observer;
    }

    @Override
    public void run(Cpu cpu) {
        if (cpu.cycles >= cpu.stopAt) {
            return;
        }
        if (cpu.interruptDue()) {
            accept(cpu);
        }
        observer.before(cpu);
        long before = cpu.cycles;
        cpu.stopAt = before + 1;
        engine.run(cpu);
        if (cpu.cycles == before) {
            observer.blocked(cpu);
        } else {
            observer.after(cpu);
        }
    }

    /** Lets the CPU accept an interrupt that is due. */
    public void accept(Cpu cpu) {
        observer.beforeInterrupt(cpu);
        cpu.takeInterrupt();
        observer.afterInterrupt(cpu);
    }
}
