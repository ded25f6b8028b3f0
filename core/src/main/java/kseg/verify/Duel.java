package kseg.verify;

import java.util.List;
import kseg.cpu.Cpu;
import kseg.isa.Insn;
import kseg.machine.EngineKind;
import kseg.memory.PageMaps;
import kseg.verify.Start.Stop;
import org.jspecify.annotations.Nullable;

/** The reference, an interpreter that stops after every step, and the engine under test. */
final class Duel {
    private final Bench reference;
    private final Bench subject;
    private final Coverage coverage;

    /** Page maps that benches of several duels use in turn. */
    record Maps(PageMaps reference, PageMaps subject) {
        Maps() {
            this(new PageMaps(), new PageMaps());
        }
    }

    Duel(Processor processor, EngineKit kit, Maps maps, Coverage coverage) {
        this(reference(processor, maps), new Bench(processor, kit, maps.subject), coverage);
    }

    Duel(Bench reference, Bench subject, Coverage coverage) {
        this.reference = reference;
        this.subject = subject;
        this.coverage = coverage;
    }

    static Bench reference(Processor processor, Maps maps) {
        return new Bench(processor, EngineKit.of(EngineKind.INTERPRETER), maps.reference);
    }

    Bench reference() {
        return reference;
    }

    Bench subject() {
        return subject;
    }

    /** Page maps may have served another duel since. */
    void takeMaps() {
        reference.takeMaps();
        subject.takeMaps();
    }

    /** Runs a scenario; null if states were equal wherever they were compared. */
    @Nullable Mismatch run(Scenario scenario) {
        List<Start> starts = scenario.starts();
        for (int i = 0; i < starts.size(); i++) {
            long cycle = run(scenario.body(), starts.get(i));
            if (cycle >= 0) {
                return new Mismatch(i, cycle);
            }
        }
        return null;
    }

    /** Runs one execution; answers the stop at which states differ, or -1. */
    long run(Body body, Start start) {
        reference.reset(body, start);
        subject.reset(body, start);
        for (Stop stop : start.stops()) {
            stepReference(stop.cycle());
            subject.runTo(stop.cycle());
            if (!subject.equalTo(reference)) {
                return stop.cycle();
            }
            reference.act(stop);
            subject.act(stop);
        }
        return -1;
    }

    /** Runs the reference on, one step at a time, counting what happens. */
    void stepReference(long end) { // hot
        Cpu cpu = reference.cpu();
        while (cpu.cycles < end) {
            Insn insn = reference.next();
            boolean inSlot = cpu.inSlot;
            long exceptions = cpu.counters().exceptions();
            long interrupts = cpu.counters().interrupts();
            reference.runTo(cpu.cycles + 1);
            if (cpu.counters().interrupts() != interrupts) {
                coverage.count(insn, inSlot, Outcome.INTERRUPT);
            } else if (cpu.counters().exceptions() != exceptions) {
                coverage.count(insn, inSlot, Outcome.ofException(cpu));
            } else {
                coverage.count(insn, inSlot, Outcome.RETIRED);
            }
        }
    }
}
