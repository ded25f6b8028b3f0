package kseg.engine.trace;

import java.util.List;
import kseg.cpu.Cpu;

/** Several observers as one, asked in turn. */
public final class Observers implements StepObserver {
    private final List<StepObserver> all;

    public Observers(StepObserver... all) {
        this.all = List.of(all);
    }

    @Override
    public void beforeInterrupt(Cpu cpu) {
        all.forEach(observer -> observer.beforeInterrupt(cpu));
    }

    @Override
    public void afterInterrupt(Cpu cpu) {
        all.forEach(observer -> observer.afterInterrupt(cpu));
    }

    @Override
    public void before(Cpu cpu) {
        all.forEach(observer -> observer.before(cpu));
    }

    @Override
    public void after(Cpu cpu) {
        all.forEach(observer -> observer.after(cpu));
    }

    @Override
    public void blocked(Cpu cpu) {
        all.forEach(observer -> observer.blocked(cpu));
    }
}
