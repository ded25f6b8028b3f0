package kseg.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import kseg.config.DeviceConfig;
import kseg.config.SlotConfig;
import kseg.engine.RandomProgram;
import kseg.isa.CpuModel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random programs, snapshotted, restored and forked at random steps: every run that goes through a
 * position has the same state there, and all frames come back in the end.
 */
class SnapshotProps {
    private static final int PROGRAMS = Integer.getInteger("kseg.snapshot.programs", 100);

    /** Snapshots are taken where programs do most: behind their setup, before they idle. */
    private static final int FIRST = 90;

    private static final int LAST = 300;

    /** Enough for a character to leave the serial card. */
    private static final int STEPS = 1000;

    private static MachineSpec spec() {
        var serial = new SlotConfig(0, new DeviceConfig.SerialConfig());
        return new MachineSpec(1, 1 << 20, false, List.of(serial), 1, 1000, 0, 0);
    }

    @ParameterizedTest
    @EnumSource(EngineKind.class)
    void everyRunThroughAPositionHasItsState(EngineKind kind) {
        try (var machine = Machine.create(spec(), HostPorts.none(), kind);
                var empty = machine.snapshot()) {
            int frames = machine.memory().framesInUse();
            for (long seed = 1; seed <= PROGRAMS; seed++) {
                long s = seed;
                RandomProgram program = RandomProgram.of(seed, CpuModel.MIPS161);
                if (!wrong(machine, empty, program, seed).isEmpty()) {
                    RandomProgram least =
                            program.shrink(p -> !wrong(machine, empty, p, s).isEmpty());
                    String what = wrong(machine, empty, least, seed);
                    fail("%s, seed %d: %s%n%s".formatted(kind, seed, what, least));
                }
                machine.restore(empty);
                assertThat(machine.memory().framesInUse()).as("seed %d", seed).isEqualTo(frames);
            }
        }
    }

    /** What differs; empty if nothing does. */
    private static String wrong(
            Machine machine, Machine.Snapshot empty, RandomProgram program, long seed) {
        var random = new Random(~seed);
        long[] steps = random.longs(4, FIRST, LAST).sorted().toArray();
        long[] hashes = new long[steps.length];
        start(machine, empty, program);
        for (int i = 0; i < steps.length; i++) {
            runTo(machine, steps[i]);
            hashes[i] = machine.stateHash();
        }
        runTo(machine, STEPS);
        long end = machine.stateHash();

        var snapshots = new ArrayList<Machine.Snapshot>();
        start(machine, empty, program);
        try {
            for (int i = 0; i < steps.length; i++) {
                runTo(machine, steps[i]);
                snapshots.add(machine.snapshot());
                boolean look = random.nextBoolean(); // a hash, too, takes write permissions away
                if (look && machine.stateHash() != hashes[i]) {
                    return "second run, step " + steps[i];
                }
            }
            for (int i : random.ints(6, 0, steps.length).toArray()) {
                String wrong = resume(machine, snapshots.get(i), hashes[i], end, random);
                if (!wrong.isEmpty()) {
                    return wrong + " from step " + steps[i];
                }
            }
        } finally {
            snapshots.forEach(Machine.Snapshot::close);
        }
        return "";
    }

    /** Runs on from a snapshot, and at the same time, turn by turn, in a fork. */
    private static String resume(
            Machine machine, Machine.Snapshot snapshot, long hash, long end, Random random) {
        try (Machine fork = machine.fork(snapshot, HostPorts.none())) {
            machine.restore(snapshot);
            if (machine.stateHash() != hash || fork.stateHash() != hash) {
                return "restored or forked state";
            }
            long step = snapshot.position().step();
            while (step < STEPS) {
                step = Math.min(STEPS, step + 1 + random.nextInt(400));
                Machine first = random.nextBoolean() ? machine : fork;
                runTo(first, step);
                runTo(first == machine ? fork : machine, step);
            }
            if (machine.stateHash() != end) {
                return "end of the restored run";
            }
            return fork.stateHash() != end ? "end of the fork" : "";
        }
    }

    private static void start(Machine machine, Machine.Snapshot empty, RandomProgram program) {
        machine.restore(empty);
        for (RandomProgram.Placed part : program.assemble()) {
            int paddr = part.vaddr() & 0x1fffffff;
            for (int word : part.words()) {
                machine.memory().putWord(paddr, word);
                paddr += 4;
            }
        }
        machine.cpu(0).start(RandomProgram.ENTRY);
    }

    /** Misuse of the TLB or of a card ends runs, not programs. */
    private static void runTo(Machine machine, long step) {
        Exit exit = new Exit.Limit();
        while (machine.position().step() < step
                && !(exit instanceof Exit.PowerOff)
                && !(exit instanceof Exit.Idle)) {
            exit = machine.run(RunLimit.atStep(step));
        }
    }
}
