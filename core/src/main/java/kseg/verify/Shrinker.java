package kseg.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import kseg.verify.Start.Action;
import kseg.verify.Start.Stop;
import org.jspecify.annotations.Nullable;

/**
 * Makes a failed scenario small: leaves out executions, steps, instructions, data, registers, TLB
 * entries and interrupts as long as what is left still fails, each time on an engine that has
 * compiled nothing yet.
 */
public final class Shrinker {
    /** Enough for a few hundred words; each costs some ten milliseconds. */
    private static final int MOST_TRIES = 4000;

    private final EngineKit kit;
    private final Duel.Maps maps = new Duel.Maps();
    private final Coverage ignored = new Coverage();
    private final Bench reference;
    private Scenario least;
    private int tries;

    private Shrinker(EngineKit kit, Scenario failed) {
        this.kit = kit;
        least = failed;
        reference = Duel.reference(failed.body().processor(), maps);
    }

    /** The smallest scenario found that still fails; the given one if it does not fail alone. */
    public static Scenario shrink(EngineKit kit, Scenario failed) {
        var shrinker = new Shrinker(kit, failed);
        shrinker.shrink();
        return shrinker.least;
    }

    private void shrink() {
        if (!fails(least)) {
            return;
        }
        executions();
        int before;
        do {
            before = size(least);
            end();
            words();
            starts();
        } while (size(least) < before && tries < MOST_TRIES);
    }

    /** What shrinking is about: words, steps and things that happen. */
    private static int size(Scenario scenario) {
        int size = 0;
        for (Part part : scenario.body().parts()) {
            size += nonZero(part.words());
        }
        for (Part part : scenario.body().firmware()) {
            size += nonZero(part.words());
        }
        for (Start start : scenario.starts()) {
            size += start.tlb().length + nonZero(start.gpr()) + start.stops().size();
            size += (int) start.steps() + start.lines().size() + start.pokes().size();
        }
        return size;
    }

    private static int nonZero(int[] words) {
        return (int) Arrays.stream(words).filter(word -> word != 0).count();
    }

    private boolean fails(Scenario scenario) {
        return mismatch(scenario) != null;
    }

    private @Nullable Mismatch mismatch(Scenario scenario) {
        tries++;
        var subject = new Bench(scenario.body().processor(), kit, maps.subject());
        return new Duel(reference, subject, ignored).run(scenario);
    }

    /** Keeps a candidate if it fails, up to where it does. */
    private boolean keep(Scenario candidate) {
        if (tries >= MOST_TRIES) {
            return false;
        }
        Mismatch mismatch = mismatch(candidate);
        if (mismatch == null) {
            return false;
        }
        least = candidate.withStarts(candidate.starts().subList(0, mismatch.start() + 1));
        return true;
    }

    /** One execution, or the same several times, or fewer of them. */
    private void executions() {
        for (int times : new int[] {1, 2, 3, 8, 40}) {
            if (keep(least.lastRepeated(times))) {
                return;
            }
        }
        for (int chunk = least.starts().size() / 2; chunk > 0; chunk /= 2) {
            for (int from = 0; from + chunk < least.starts().size(); ) {
                List<Start> fewer = new ArrayList<>(least.starts());
                fewer.subList(from, from + chunk).clear();
                from += keep(least.withStarts(fewer)) ? 0 : chunk;
            }
        }
    }

    /** Fewer stops, and none behind the first difference. */
    private void end() {
        Mismatch seen = mismatch(least);
        if (seen == null) {
            return;
        }
        Start last = least.starts().getLast();
        List<Stop> before =
                last.stops().stream().filter(stop -> stop.cycle() < seen.cycle()).toList();
        List<Stop> cut = new ArrayList<>(before);
        cut.add(Stop.look(seen.cycle()));
        keep(least.withLast(last.withStops(cut)));
        keep(least.withLast(last.withStops(List.of(Stop.look(seen.cycle())))));
        for (int i = 0; i < least.starts().getLast().stops().size() - 1; ) {
            List<Stop> fewer = new ArrayList<>(least.starts().getLast().stops());
            fewer.remove(i);
            i += keep(least.withLast(last.withStops(fewer))) ? 0 : 1;
        }
        for (long less = seen.cycle() / 2; less > 0; less /= 2) {
            while (earlier(less)) {}
        }
    }

    private boolean earlier(long less) {
        Start last = least.starts().getLast();
        List<Stop> stops = new ArrayList<>(last.stops());
        long previous = stops.size() == 1 ? 0 : stops.get(stops.size() - 2).cycle();
        long end = stops.removeLast().cycle() - less;
        if (end <= previous) {
            return false;
        }
        stops.add(Stop.look(end));
        return keep(least.withLast(last.withStops(stops)));
    }

    // The body

    private void words() {
        for (int i = 0; i < least.body().parts().size(); i++) {
            int number = i;
            zero(() -> least.body().parts().get(number), part -> withPart(number, part));
        }
        for (int i = 0; i < least.body().firmware().size(); i++) {
            int number = i;
            zero(() -> least.body().firmware().get(number), part -> withFirmware(number, part));
        }
    }

    private Scenario withPart(int number, Part part) {
        List<Part> parts = new ArrayList<>(least.body().parts());
        parts.set(number, part);
        return least.withBody(least.body().withParts(parts));
    }

    private Scenario withFirmware(int number, Part part) {
        List<Part> firmware = new ArrayList<>(least.body().firmware());
        firmware.set(number, part);
        Body body = least.body();
        return least.withBody(new Body(body.processor(), firmware, body.parts()));
    }

    private interface PartNow {
        Part get();
    }

    private interface Change {
        Scenario with(Part part);
    }

    private void zero(PartNow now, Change change) {
        int length = now.get().words().length;
        for (int chunk = length; chunk > 0; chunk /= 2) {
            for (int from = 0; from < length && tries < MOST_TRIES; from += chunk) {
                int[] words = now.get().words().clone();
                int to = Math.min(length, from + chunk);
                int[] blank = words.clone();
                Arrays.fill(blank, from, to, 0);
                if (!Arrays.equals(words, blank)) {
                    keep(change.with(new Part(now.get().paddr(), blank)));
                }
            }
        }
    }

    // The starts

    private void starts() {
        all(start -> start.withLines(List.of()));
        all(start -> start.withPokes(List.of()));
        all(start -> start.withStops(looks(start.stops())));
        for (int i = 0; i < longest(Start::tlb); i += 3) {
            int from = i;
            all(start -> start.withTlb(without(start.tlb(), from, 3)));
        }
        for (int i = 0; i < longest(Start::cp0); i += 2) {
            int from = i;
            all(start -> start.withCp0(without(start.cp0(), from, 2)));
        }
        for (int i = 1; i < Start.REGISTERS; i++) {
            int register = i;
            all(start -> start.withGpr(zeroAt(start.gpr(), register)));
        }
    }

    private interface Ints {
        int[] of(Start start);
    }

    private int longest(Ints ints) {
        return least.starts().stream().mapToInt(start -> ints.of(start).length).max().orElse(0);
    }

    /** Tries a change of all executions. Equal ones stay one object. */
    private void all(UnaryOperator<Start> change) {
        List<Start> changed = new ArrayList<>();
        boolean differs = false;
        for (Start start : least.starts()) {
            int known = least.starts().indexOf(start);
            Start now = known < changed.size() ? changed.get(known) : change.apply(start);
            differs |= !same(start, now);
            changed.add(now);
        }
        if (differs) {
            keep(least.withStarts(changed));
        }
    }

    private static boolean same(Start a, Start b) {
        return Arrays.equals(a.gpr(), b.gpr())
                && Arrays.equals(a.cp0(), b.cp0())
                && Arrays.equals(a.tlb(), b.tlb())
                && a.pokes().equals(b.pokes())
                && a.lines().equals(b.lines())
                && a.stops().equals(b.stops());
    }

    private static List<Stop> looks(List<Stop> stops) {
        return stops.stream()
                .map(stop -> stop.action() == Action.LOOK ? stop : Stop.look(stop.cycle()))
                .toList();
    }

    private static int[] without(int[] from, int at, int count) {
        if (at + count > from.length) {
            return from;
        }
        int[] fewer = new int[from.length - count];
        System.arraycopy(from, 0, fewer, 0, at);
        System.arraycopy(from, at + count, fewer, at, fewer.length - at);
        return fewer;
    }

    private static int[] zeroAt(int[] from, int at) {
        int[] changed = from.clone();
        changed[at] = 0;
        return changed;
    }
}
