package kseg.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FramePoolTest {
    private static final int PAGES = 4096;

    private final FramePool pool = FramePool.forRam(1 << 20);

    @Test
    void pagesLieBehindEachOtherWhateverTheirOrder() {
        int[] frames = new int[100];
        for (int i = 0; i < 100; i++) {
            int page = i * 37 % 100;
            frames[page] = pool.copyOf(FramePool.ZERO_FRAME, page);
        }
        for (int page = 1; page < 100; page++) {
            assertThat(frames[page]).isEqualTo(frames[page - 1] + 1);
        }
    }

    @Test
    void aFrameInUseIsNotGivenAgain() {
        int first = pool.copyOf(FramePool.ZERO_FRAME, 7);
        int second = pool.copyOf(first, 7);
        assertThat(second).isNotEqualTo(first);
        pool.release(first);
        assertThat(pool.copyOf(second, 7)).isEqualTo(first);
        assertThat(pool.used()).isEqualTo(2);
    }

    @Test
    void anyOrderOfTakingAndReleasingKeepsFramesApart() {
        var random = new Random(5);
        Map<Integer, Integer> references = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            if (random.nextInt(5) < 3) {
                int frame = pool.copyOf(FramePool.ZERO_FRAME, random.nextInt(2 * PAGES));
                assertThat(frame).isPositive();
                assertThat(references.put(frame, 1)).isNull();
            } else if (!references.isEmpty()) {
                int frame = references.keySet().iterator().next();
                if (random.nextBoolean()) {
                    pool.retain(frame);
                    references.merge(frame, 1, Integer::sum);
                } else {
                    int left = references.merge(frame, -1, Integer::sum);
                    assertThat(pool.release(frame)).isEqualTo(left == 0);
                    references.remove(frame, 0);
                }
            }
            assertThat(pool.used()).isEqualTo(references.size());
        }
        assertThat(pool.capacity()).isGreaterThan(PAGES);
    }

    @Test
    void aFullPoolGrowsAndKeepsItsContents() {
        var seen = new HashSet<Integer>();
        for (int page = 0; page < PAGES + 10; page++) {
            int frame = pool.copyOf(FramePool.ZERO_FRAME, page);
            pool.bytes()[frame << FramePool.FRAME_SHIFT] = (byte) page;
            assertThat(seen.add(frame)).isTrue();
        }
        int copy = pool.copyOf(8, 8);
        assertThat(pool.bytes()[copy << FramePool.FRAME_SHIFT]).isEqualTo((byte) 7);
    }
}
