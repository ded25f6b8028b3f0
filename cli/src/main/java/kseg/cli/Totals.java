package kseg.cli;

import java.util.List;
import java.util.function.ToLongFunction;
import kseg.cpu.Cpu;
import kseg.cpu.CpuCounters;
import kseg.machine.Machine;

/** What a machine has done so far, added up over its processors and its cards of a kind. */
final class Totals {
    private final Machine machine;
    private final List<DeviceCounts.Card> cards;

    private Totals(Machine machine, List<DeviceCounts.Card> cards) {
        this.machine = machine;
        this.cards = cards;
    }

    /** Of now. */
    static Totals of(Machine machine) {
        return new Totals(machine, DeviceCounts.of(machine));
    }

    List<DeviceCounts.Card> cards() {
        return cards;
    }

    /** Machine time, in cycles. */
    long cycles() {
        return machine.position().cycle();
    }

    /** Cycles during which a processor did not run. */
    long idle(Cpu cpu) {
        return machine.idleCycles(cpu.index());
    }

    /** Cycles during which processors did not run, of all of them. */
    long idle() {
        long sum = 0;
        for (int i = 0; i < machine.spec().cpus(); i++) {
            sum += idle(machine.cpu(i));
        }
        return sum;
    }

    /** Instructions retired. */
    long retired() {
        return sum(c -> c.kernelRetired() + c.userRetired());
    }

    /** A counter of all processors. */
    long sum(ToLongFunction<CpuCounters> counter) {
        long sum = 0;
        for (int i = 0; i < machine.spec().cpus(); i++) {
            sum += counter.applyAsLong(machine.cpu(i).counters());
        }
        return sum;
    }

    long reads(String kind) {
        return of(kind, DeviceCounts.Card::reads);
    }

    long writes(String kind) {
        return of(kind, DeviceCounts.Card::writes);
    }

    long others(String kind) {
        return of(kind, DeviceCounts.Card::others);
    }

    private long of(String kind, ToLongFunction<DeviceCounts.Card> count) {
        return cards.stream().filter(c -> c.is(kind)).mapToLong(count).sum();
    }
}
