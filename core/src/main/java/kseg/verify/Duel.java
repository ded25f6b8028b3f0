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
    private long comparisons;

    /** The subject must not pass it. */
    private long end;

    /** The subject's state is not the reference's. */
    private static final class DifferException extends RuntimeException {
        private static final long serialVersionUID = 1;

        DifferException() {
            super(null, null, false, false);
        }
    }

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
        subject.whenLeft(this::compare);
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

    /**
     * Runs one execution; answers the cycle at which states were seen to differ, or -1. They are
     * compared at every stop, and wherever the subject leaves compiled code.
     */
    long run(Body body, Start start) {
        reference.reset(body, start);
        subject.reset(body, start);
        for (Stop stop : start.stops()) {
            end = stop.cycle();
            try {
                subject.runTo(stop.cycle());
                compare();
            } catch (DifferException e) {
                return subject.cpu().cycles;
            }
            reference.act(stop);
            subject.act(stop);
        }
        return -1;
    }

    /** Compares where the subject is now, and leaves it there if it differs. */
    private void compare() {
        stepReference(Math.min(subject.cpu().cycles, end));
        comparisons++;
        if (!subject.equalTo(reference)) {
            throw new DifferException();
        }
    }

    /** How often states have been compared. */
    long comparisons() {
        return comparisons;
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
