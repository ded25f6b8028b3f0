package kseg.engine;

import static org.assertj.core.api.Assertions.fail;

import java.util.Random;
import kseg.isa.CpuModel;
import kseg.machine.EngineKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random programs leave equal states on every engine, however the run is cut into slices.
 *
 * <p>System properties: {@code kseg.diff.programs}, how many for each processor; {@code
 * kseg.diff.seed}, the first seed.
 */
class EngineDiffProps {
    private static final int PROGRAMS = Integer.getInteger("kseg.diff.programs", 300);
    private static final long SEED = Long.getLong("kseg.diff.seed", 1);
    private static final int POSITIONS = 6;

    @ParameterizedTest
    @CsvSource({"MIPS161, false", "R3000A, false", "R3000A, true"})
    void enginesAgree(CpuModel model, boolean littleEndian) {
        var reference = new CpuRig(EngineKind.INTERPRETER, model, littleEndian);
        for (EngineKind kind : EngineKind.values()) {
            var rig = new CpuRig(kind, model, littleEndian);
            for (long seed = SEED; seed < SEED + PROGRAMS; seed++) {
                RandomProgram program = RandomProgram.of(seed, model);
                if (difference(reference, rig, program, seed) >= 0) {
                    long s = seed;
                    RandomProgram least =
                            program.shrink(p -> difference(reference, rig, p, s) >= 0);
                    int at = difference(reference, rig, least, seed);
                    fail(report(reference, rig, least, kind + " " + model + " seed " + seed, at));
                }
            }
        }
    }

    /** The first compared position at which states differ; -1 if there is none. */
    private static int difference(CpuRig left, CpuRig right, RandomProgram program, long seed) {
        var random = new Random(~seed);
        program.load(left, right);
        for (int i = 1; i <= POSITIONS; i++) {
            int end = RandomProgram.STEPS * i / POSITIONS;
            slices(left, end, random.nextInt(3), random);
            slices(right, end, random.nextInt(3), random);
            if (left.stateHash() != right.stateHash()) {
                return end;
            }
        }
        return -1;
    }

    /** Runs on to a cycle: in one go, in short slices, or in long ones. */
    private static void slices(CpuRig rig, int end, int manner, Random random) {
        int longest = manner == 0 ? end : manner == 1 ? 4 : 40;
        while (rig.cpu().cycles < end && !rig.cpu().waiting) {
            int slice = manner == 0 ? end : 1 + random.nextInt(longest);
            rig.runTo(Math.min(end, rig.cpu().cycles + slice));
        }
    }

    private static String report(
            CpuRig left, CpuRig right, RandomProgram program, String what, int at) {
        return "%s: states differ at step %d%n%s%n%ninterpreter%n%s%nother%n%s"
                .formatted(what, at, program, left.state(), right.state());
    }
}
