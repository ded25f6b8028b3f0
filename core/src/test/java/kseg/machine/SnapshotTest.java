package kseg.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import kseg.journal.Journal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Snapshots, forks and replays of a running guest, at arbitrary steps. */
class SnapshotTest {
    private static final String COMMANDS = "selftest;counter;q";

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void aRestoredRunEqualsTheUninterruptedOne(int cpus) {
        var random = new Random(cpus);
        try (var straight = GuestRig.boot(cpus, COMMANDS);
                var guest = GuestRig.boot(cpus, COMMANDS)) {
            straight.machine().run(GuestRig.END);
            long end = straight.machine().position().step();
            Machine machine = guest.machine();
            for (int i = 0; i < 20; i++) {
                long step = machine.position().step() + random.nextLong(1, end / 15);
                machine.run(RunLimit.atStep(step));
                long hash = machine.stateHash();
                try (Machine.Snapshot snapshot = machine.snapshot()) {
                    machine.run(RunLimit.atStep(step + random.nextInt(200_000)));
                    machine.restore(snapshot);
                }
                assertThat(machine.stateHash()).as("restored at %d", step).isEqualTo(hash);
                if (step > end * 9 / 10) {
                    break;
                }
            }
            machine.run(GuestRig.END);
            assertThat(machine.position()).isEqualTo(straight.machine().position());
            assertThat(machine.stateHash()).isEqualTo(straight.machine().stateHash());
        }
    }

    @Test
    void forksAreIndependent() {
        try (var guest = GuestRig.boot(2, "counter;q")) {
            Machine machine = guest.machine();
            machine.run(RunLimit.atStep(150_000));
            try (Machine.Snapshot snapshot = machine.snapshot();
                    Machine fork = machine.fork(snapshot, GuestRig.world().detached());
                    Machine second = machine.fork(snapshot, GuestRig.world().detached())) {
                long hash = machine.stateHash();
                assertThat(fork.stateHash()).isEqualTo(hash);
                // Turn and turn about: the page maps serve another machine at every switch.
                long step = 150_000;
                while (fork.run(RunLimit.atStep(step)) instanceof Exit.Limit) {
                    machine.run(RunLimit.atStep(step));
                    assertThat(machine.stateHash()).isEqualTo(fork.stateHash());
                    step += 20_011;
                }
                machine.run(GuestRig.END);
                assertThat(machine.stateHash()).isEqualTo(fork.stateHash()).isNotEqualTo(hash);
                assertThat(second.stateHash()).isEqualTo(hash);
            }
        }
    }

    @Test
    void aMachineThatReturnsToItsPastRepeatsItUnlessItBranches() {
        try (var guest = GuestRig.boot(1, "")) {
            Machine machine = guest.machine();
            machine.run(RunLimit.atCycle(5_000_000));
            try (Machine.Snapshot prompt = machine.snapshot()) {
                guest.type("hello once\rq\r");
                machine.run(GuestRig.END);
                long hash = machine.stateHash();
                machine.restore(prompt);
                assertThat(machine.replaying()).isTrue();
                machine.run(GuestRig.END);
                assertThat(machine.stateHash()).isEqualTo(hash);
                machine.restore(prompt);
                machine.branch();
                guest.type("hello again\rq\r");
                machine.run(GuestRig.END);
                assertThat(machine.stateHash()).isNotEqualTo(hash);
                assertThat(guest.console().split("hello, once", -1)).hasSize(3);
                assertThat(guest.console()).contains("hello, again");
            }
        }
    }

    @Test
    void aReplayTakesEveryInputAtItsPosition() {
        var random = new Random(3);
        Journal journal;
        Position end;
        long middleHash;
        long endHash;
        long middle = 1_000_000;
        try (var guest = GuestRig.boot(2, "")) {
            Machine machine = guest.machine();
            for (char typed : "hello world\rspin A B\rcounter\rq\r".toCharArray()) {
                long step = machine.position().step() + random.nextInt(1, 60_000);
                machine.run(new RunLimit(step, machine.position().cycle() + 200_000));
                guest.type(String.valueOf(typed));
            }
            machine.run(RunLimit.atStep(middle));
            middleHash = machine.stateHash();
            assertThat(machine.run(GuestRig.END)).isEqualTo(new Exit.PowerOff());
            assertThat(guest.console()).contains("hello, world").contains("with a lock");
            journal = machine.journal();
            end = machine.position();
            endHash = machine.stateHash();
        }
        try (var guest = GuestRig.boot(2, "")) {
            Machine machine = guest.machine();
            machine.replay(journal);
            machine.run(RunLimit.atStep(middle));
            assertThat(machine.stateHash()).isEqualTo(middleHash);
            assertThat(machine.run(GuestRig.END)).isEqualTo(new Exit.PowerOff());
            assertThat(machine.position()).isEqualTo(end);
            assertThat(machine.stateHash()).isEqualTo(endHash);
        }
    }
}
