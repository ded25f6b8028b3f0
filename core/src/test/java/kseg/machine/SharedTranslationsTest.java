package kseg.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import kseg.engine.CompilerSupport;
import kseg.engine.RegionListener;
import kseg.engine.RegionProfile;
import kseg.engine.TranslationStore;
import org.junit.jupiter.api.Test;

/** Machines that are not related, and translate the same code once. */
class SharedTranslationsTest {
    private static final String COMMANDS = "primes 300;hello;q";

    private final TranslationStore store = new TranslationStore();

    private long run(int cpus, int seed) {
        var support = new CompilerSupport(store, RegionProfile.EMPTY, RegionListener.NONE);
        MachineSpec spec = GuestRig.spec(cpus, seed, MachineSpec.DEFAULT_QUANTUM);
        try (var guest = GuestRig.bootEagerly(spec, support, COMMANDS)) {
            assertThat(guest.machine().run(GuestRig.END)).isEqualTo(new Exit.PowerOff());
            assertThat(guest.machine().tiers().orElseThrow().regions().installed())
                    .isGreaterThan(20);
            return guest.machine().stateHash();
        }
    }

    @Test
    void aSecondMachineTranslatesNothingThatTheFirstHas() {
        long first = run(1, 3);
        TranslationStore.Usage alone = store.usage();
        assertThat(run(1, 3)).isEqualTo(first);
        TranslationStore.Usage both = store.usage();
        assertThat(both.missed()).isEqualTo(alone.missed());
        assertThat(both.found() - alone.found()).isEqualTo(alone.missed() + alone.found());
    }

    @Test
    void whatOneMachineTranslatesDoesNotShowInAnother() {
        long alone = run(2, 5);
        run(1, 9);
        assertThat(run(2, 5)).isEqualTo(alone);
    }

    @Test
    void machinesOfSeveralThreadsShareToo() throws Exception {
        long alone = run(1, 3);
        Callable<Long> one = () -> run(1, 3);
        Callable<Long> other = () -> run(2, 4);
        try (var threads = Executors.newFixedThreadPool(2)) {
            List<Future<Long>> hashes = threads.invokeAll(List.of(one, other, one, other));
            assertThat(hashes.get(0).get()).isEqualTo(alone);
            assertThat(hashes.get(2).get()).isEqualTo(alone);
            assertThat(hashes.get(3).get()).isEqualTo(hashes.get(1).get());
        }
    }
}
