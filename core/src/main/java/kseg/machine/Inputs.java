package kseg.machine;

import java.util.function.Supplier;
import kseg.journal.Input;
import kseg.journal.Journal;
import kseg.journal.ReplayMismatchException;
import kseg.port.HostExchange;

/**
 * The gate for everything from outside: journals what a live machine takes, and gives a replaying
 * one the recorded inputs at the positions at which they were taken.
 */
final class Inputs implements HostExchange {
    private final Schedule schedule;
    private Journal journal = new Journal();

    /** Ordinal of the next input; the journal's size when nothing is replayed. */
    private int taken;

    Inputs(Schedule schedule) {
        this.schedule = schedule;
    }

    Journal journal() {
        return journal;
    }

    int taken() {
        return taken;
    }

    boolean replaying() {
        return taken < journal.size();
    }

    /** Journals an input taken at the present position. */
    void take(Input input) {
        if (replaying()) {
            throw new IllegalStateException("a replaying machine takes inputs from its journal");
        }
        journal.add(schedule.steps(), schedule.now(), input);
        taken++;
    }

    /** Takes all further inputs from a copy of a journal, until it is used up. */
    void replay(Journal recorded) {
        journal = recorded.prefix(recorded.size()); // another machine may go on writing its own
    }

    /** Forgets the recorded inputs still to come. */
    void branch() {
        journal = journal.prefix(taken);
    }

    /** Returns to where {@code count} inputs of {@code past} had been taken. */
    @SuppressWarnings("ReferenceEquality") // the same journal is this machine's own past
    void restore(Journal past, int count) {
        taken = count;
        if (past != journal) {
            journal = past.prefix(count);
        }
    }

    /** Whether the next recorded input takes effect at the present position. */
    boolean due() {
        if (!replaying() || next().input().kind() == Input.Kind.ANSWER) {
            return false;
        }
        return next().step() == schedule.steps() && next().cycle() <= schedule.now();
    }

    /** The next recorded input, which is due. */
    Input takeDue() {
        return journal.get(taken++).input();
    }

    /** The limit, or the position of the next recorded input if that comes first. */
    RunLimit before(RunLimit limit) {
        if (!replaying() || next().input().kind() == Input.Kind.ANSWER) {
            return limit;
        }
        Journal.Entry entry = next();
        if (schedule.steps() > entry.step()) {
            throw new ReplayMismatchException(
                    "input %d was taken at step %d, which is past".formatted(taken, entry.step()));
        }
        long cycle = schedule.steps() == entry.step() ? entry.cycle() : Long.MAX_VALUE;
        return new RunLimit(Math.min(limit.step(), entry.step()), Math.min(limit.cycle(), cycle));
    }

    /** All CPUs are idle and nothing is pending: only an input at this step can come next. */
    void expectAtThisStep() {
        Journal.Entry entry = next();
        if (entry.step() != schedule.steps() || entry.input().kind() == Input.Kind.ANSWER) {
            throw new ReplayMismatchException(
                    "idle for ever at step %d, but input %d was taken at step %d"
                            .formatted(schedule.steps(), taken, entry.step()));
        }
    }

    /** Asks the host and journals its answer, or answers from the journal. */
    @Override
    public byte[] ask(int slot, Supplier<byte[]> host) {
        if (!replaying()) {
            byte[] answer = host.get();
            take(new Input(Input.Kind.ANSWER, slot, answer));
            return answer;
        }
        Input input = next().input();
        if (input.kind() != Input.Kind.ANSWER || input.slot() != slot) {
            throw new ReplayMismatchException(
                    "slot %d asks the host, but input %d is %s for slot %d"
                            .formatted(slot, taken, input.kind(), input.slot()));
        }
        taken++;
        return input.bytes();
    }

    private Journal.Entry next() {
        return journal.get(taken);
    }
}
