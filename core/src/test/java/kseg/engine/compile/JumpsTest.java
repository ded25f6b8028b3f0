package kseg.engine.compile;

import static org.assertj.core.api.Assertions.assertThat;

import kseg.cpu.Cpu;
import org.junit.jupiter.api.Test;

class JumpsTest {
    private static final int HEAD = 0x80001230;

    private final Linkage.Jumps jumps = new Linkage.Jumps();
    private final Region region =
            new Region() {
                @Override
                int run(Cpu cpu, int pc, int budget, int depth) {
                    return budget;
                }
            };

    @Test
    void aLoopThatKeepsEndingSoonIsAFlaw() {
        for (int i = 0; i < 30; i++) {
            assertThat(jumps.flaws).isEmpty();
            jumps.ran(region, 3, HEAD, 9);
        }
        assertThat(jumps.flaws)
                .containsExactly(new Linkage.Flaw(region, HEAD | Linkage.Jumps.ENDS_SOON));
    }

    @Test
    void aLoopThatSometimesRunsLongIsNone() {
        for (int i = 0; i < 1000; i++) {
            jumps.ran(region, 3, HEAD, i % 20 == 0 ? 10 : 1);
            jumps.ran(region, 4, HEAD + 64, 1000); // another loop's rounds do not count
        }
        assertThat(jumps.flaws).isEmpty();
    }

    @Test
    void aLoopWhosePointersKeepMovingIsAFlaw() {
        for (int i = 0; i < 30; i++) {
            for (int move = 0; move < 500; move++) {
                assertThat(jumps.moved(region, move)).isEqualTo(move);
            }
            jumps.ran(region, 3, HEAD, 1000);
        }
        assertThat(jumps.flaws)
                .containsExactly(new Linkage.Flaw(region, HEAD | Linkage.Jumps.ENDS_SOON));
    }
}
