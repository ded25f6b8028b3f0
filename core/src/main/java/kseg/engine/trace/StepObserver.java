package kseg.engine.trace;

import kseg.cpu.Cpu;

/** Sees every step of a CPU. It must not change anything. */
public interface StepObserver {
    /** An interrupt is about to be accepted. */
    void beforeInterrupt(Cpu cpu);

    /** It has been: the next step is the handler's first. */
    void afterInterrupt(Cpu cpu);

    /** A step is about to be attempted. */
    void before(Cpu cpu);

    /** The step has been made. */
    void after(Cpu cpu);

    /** The step has to wait for other CPUs; it will be attempted again. */
    void blocked(Cpu cpu);
}
