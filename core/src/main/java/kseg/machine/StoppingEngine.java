package kseg.machine;

import kseg.cpu.Cpu;
import kseg.cpu.Mmu;
import kseg.engine.Engine;
import kseg.memory.PageMaps;

/**
 * Makes one step, unless there is a breakpoint in front of it. It returns after each step, as an
 * engine may whose {@code stopAt} was lowered: the machine looks more often, which changes nothing.
 */
final class StoppingEngine implements Engine {
    private final Stops stops;
    private final Mmu mmu;
    private final Watching watching;
    private final Engine stepwise;

    StoppingEngine(Stops stops, Mmu mmu, Watching watching, Engine stepwise) {
        this.stops = stops;
        this.mmu = mmu;
        this.watching = watching;
        this.stepwise = stepwise;
    }

    @Override
    public void run(Cpu cpu) {
        if (cpu.cycles >= cpu.stopAt) {
            return;
        }
        Engine engine = watching.engine(stepwise);
        if (cpu.interruptDue()) {
            watching.accept(cpu);
        }
        // An instruction that cannot be fetched is not there yet: its step is a TLB miss.
        if (mmu.translate(cpu, cpu.pc, false, 3) >= 0 && stops.stopsBefore(cpu)) {
            cpu.stopSoon();
            return;
        }
        long before = cpu.cycles;
        cpu.stopAt = before + 1;
        PageMaps maps = mmu.maps();
        maps.lift();
        try {
            engine.run(cpu);
        } finally { // the host may fail in any access
            maps.lower();
        }
        if (cpu.cycles > before) {
            stops.stepped(cpu);
        }
    }
}
