package kseg.machine;

import kseg.bus.CpuControl;
import kseg.cpu.Cpu;
import kseg.engine.trace.TraceSwitches;
import kseg.port.TraceKind;

/** Lets the trace see how the bus controller drives the CPUs' interrupt lines. */
final class TracedControl implements CpuControl {
    private final CpuControl control;
    private final Cpu[] cpus;
    private final TraceSwitches trace;

    TracedControl(CpuControl control, Cpu[] cpus, TraceSwitches trace) {
        this.control = control;
        this.cpus = cpus;
        this.trace = trace;
    }

    @Override
    public int cpus() {
        return control.cpus();
    }

    @Override
    public int current() {
        return control.current();
    }

    @Override
    public void lamebusLine(int cpu, boolean active) {
        control.lamebusLine(cpu, active);
        say(cpu);
    }

    @Override
    public void ipiLine(int cpu, boolean active) {
        control.ipiLine(cpu, active);
        say(cpu);
    }

    @Override
    public void start(int cpu, int pc, int a0, int sp) {
        control.start(cpu, pc, a0, sp);
    }

    @Override
    public void stop(int cpu) {
        control.stop(cpu);
    }

    @Override
    public void powerOff() {
        control.powerOff();
    }

    private void say(int cpu) {
        if (!trace.on(TraceKind.INTERRUPT)) {
            return;
        }
        String bus = state(cpu, Cpu.LINE_LAMEBUS);
        trace.line(cpu, "cpu_set_irqs: LB " + bus + " IPI " + state(cpu, Cpu.LINE_IPI));
    }

    private String state(int cpu, int line) {
        return cpus[cpu].lineRaised(line) ? "ON" : "off";
    }
}
