package kseg.verify;

import java.util.ArrayList;
import java.util.List;
import kseg.isa.CpuModel;
import kseg.time.Generator;
import org.jspecify.annotations.Nullable;

/**
 * Draws scenarios from a seed, and runs them on the reference and on an engine, until told
 * otherwise. Everything is reused from one scenario to the next but the engine's compiled code.
 */
public final class Verifier {
    /** Executions of each body: enough for its code to become hot, and to pay for compiling it. */
    public static final int STARTS = 100;

    /** System/161 most often; each processor has its turn. */
    private static final List<Processor> PROCESSORS =
            List.of(
                    Processor.SYS161,
                    Processor.SYS161,
                    new Processor(CpuModel.R3000A, false),
                    Processor.SYS161,
                    new Processor(CpuModel.R3000A, true),
                    Processor.SYS161,
                    new Processor(CpuModel.MIPS161, true),
                    Processor.SYS161);

    private static final int BODY_STREAM = 1;
    private static final int START_STREAM = 2;

    /** Bodies in a row on the same processor: changing costs the page maps. */
    private static final int IN_A_ROW = 8;

    private final EngineKit kit;
    private final long seed;
    private final int starts;
    private final Coverage coverage = new Coverage();
    private final Duel.Maps maps = new Duel.Maps();
    private final List<Ring> rings = new ArrayList<>();
    private @Nullable Ring last;
    private long bodies;
    private long executions;

    /** What one processor's scenarios are fought out in. */
    private record Ring(Processor processor, Duel duel, List<List<Part>> firmware) {}

    /**
     * A failed scenario.
     *
     * @param scenario ends with the execution that failed
     * @param seed of the verifier that drew it
     * @param body its number
     * @param cycle at which states were seen to differ
     */
    public record Failure(Scenario scenario, long seed, long body, long cycle) {}

    /**
     * A verifier at the start of its seed's sequence.
     *
     * @param kit makes the engine to be verified
     * @param starts executions of each body
     */
    public Verifier(EngineKit kit, long seed, int starts) {
        this.kit = kit;
        this.seed = seed;
        this.starts = starts;
    }

    /** Distinct programs so far. */
    public long bodies() {
        return bodies;
    }

    /** Distinct pairs of program and initial state so far. */
    public long executions() {
        return executions;
    }

    public Coverage coverage() {
        return coverage;
    }

    /** How often the engines' states have been compared. */
    public long comparisons() {
        return rings.stream().mapToLong(ring -> ring.duel.comparisons()).sum();
    }

    /** Draws and runs the next scenario; null if the engines agreed. */
    public @Nullable Failure next() {
        long number = bodies++;
        Ring ring = ring(PROCESSORS.get((int) (number / IN_A_ROW % PROCESSORS.size())));
        // A scenario depends on the seed and its own number only.
        long itsSeed = seed * 0x5851f42d4c957f2dL + number;
        var bodyGenerator =
                new BodyGenerator(
                        new Generator(itsSeed, BODY_STREAM), ring.processor, ring.firmware);
        var startGenerator =
                new StartGenerator(new Generator(itsSeed, START_STREAM), ring.processor);
        BodyGenerator.Generated generated = bodyGenerator.next();
        List<Start> done = new ArrayList<>(starts);
        for (int i = 0; i < starts; i++) {
            Start start = startGenerator.next(generated);
            done.add(start);
            executions++;
            long cycle = ring.duel.run(generated.body(), start);
            if (cycle >= 0) {
                return new Failure(new Scenario(generated.body(), done), seed, number, cycle);
            }
        }
        return null;
    }

    @SuppressWarnings("ReferenceEquality") // the one whose turn it is
    private Ring ring(Processor processor) {
        Ring ring = null;
        for (Ring known : rings) {
            if (known.processor.equals(processor)) {
                ring = known;
            }
        }
        if (ring == null) {
            ring =
                    new Ring(
                            processor,
                            new Duel(processor, kit, maps, coverage),
                            List.of(
                                    Firmware.of(processor, true),
                                    Firmware.of(processor, true),
                                    Firmware.of(processor, false)));
            rings.add(ring);
        }
        if (ring != last) {
            ring.duel.takeMaps();
            last = ring;
        }
        return ring;
    }
}
