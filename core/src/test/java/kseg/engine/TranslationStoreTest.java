package kseg.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TranslationStoreTest {
    private static final Translation.Key A = Translation.Key.of(new long[] {1, 2});
    private static final Translation.Key B = Translation.Key.of(new long[] {1, 3});
    private static final Translation.Key C = Translation.Key.of(new long[] {1, 2, 3});

    private static Translation of(int bytes) {
        return new Translation(new byte[bytes], List.of(4), 8);
    }

    @Test
    void findsWhatWasAddedUnderAnEqualKey() {
        var store = new TranslationStore();
        Translation translation = of(10);
        store.add(A, translation);
        assertThat(store.find(Translation.Key.of(new long[] {1, 2}))).isSameAs(translation);
        assertThat(store.find(B)).isNull();
        assertThat(store.usage().found()).isEqualTo(1);
        assertThat(store.usage().missed()).isEqualTo(1);
    }

    @Test
    void keysThatHashAlikeAreTwo() {
        // Arrays.hashCode: 31 * (31 + h(1)) + h(2) = 31 * (31 + h(0)) + h(33)
        var left = Translation.Key.of(new long[] {1, 2});
        var right = Translation.Key.of(new long[] {0, 33});
        assertThat(left.hash()).isEqualTo(right.hash());
        var store = new TranslationStore();
        store.add(left, of(1));
        assertThat(store.find(right)).isNull();
    }

    @Test
    void whatHasNotBeenAskedForLongestGoes() {
        var store = new TranslationStore(3_000);
        store.add(A, of(1_000));
        store.add(B, of(1_000));
        store.find(A);
        store.add(C, of(1_000));
        assertThat(store.find(B)).isNull();
        assertThat(store.find(A)).isNotNull();
        assertThat(store.find(C)).isNotNull();
        assertThat(store.usage().bytes()).isBetween(2_000L, 3_000L);
    }

    @Test
    void whatIsAddedAgainCountsOnce() {
        var store = new TranslationStore(3_000);
        store.add(A, of(1_000));
        long once = store.usage().bytes();
        store.add(A, of(1_000));
        assertThat(store.usage().bytes()).isEqualTo(once);
        assertThat(store.usage().translations()).isEqualTo(1);
    }

    @Test
    void whatHasNoRoomAtAllIsNotKept() {
        var store = new TranslationStore(500);
        store.add(A, of(1_000));
        assertThat(store.find(A)).isNull();
        assertThat(store.usage().bytes()).isZero();
    }
}
