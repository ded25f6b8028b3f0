package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DaemonWorkersTest {
    private final DaemonWorkers workers = new DaemonWorkers();

    @Test
    void aKernelHasItsOwnWhereverItIs() {
        var one = workers.of("1", "/a/kernel");
        assertThat(workers.of("2", "/b/kernel")).isNotSameAs(one);
        assertThat(workers.of("1", "/c/kernel")).isSameAs(one);
    }

    @Test
    void aKernelThatIsBuiltAnewHasThoseOfTheOneBefore() {
        var one = workers.of("1", "/a/kernel");
        assertThat(workers.of("2", "/a/kernel")).isSameAs(one);
        assertThat(workers.of("3", "/a/kernel")).isSameAs(one);
        assertThat(workers.of("1", "/b/kernel")).isNotSameAs(one);
    }

    @Test
    void beyondSixTheOneThatWasAskedForLongestAgoGivesItsOwn() {
        var one = workers.of("1", "/1");
        var two = workers.of("2", "/2");
        for (int i = 3; i <= 6; i++) {
            workers.of("" + i, "/" + i);
        }
        assertThat(workers.of("1", "/1")).isSameAs(one);
        assertThat(workers.of("7", "/7")).isSameAs(two);
        assertThat(workers.of("2", "/2")).isNotSameAs(two);
    }
}
