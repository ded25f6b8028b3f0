package kseg.engine;

import java.util.Arrays;
import java.util.List;

/**
 * Guest code as a class file. It names no machine, frame or host: what it works on is given to the
 * class when it is defined.
 *
 * @param calls addresses of the regions it calls, one for each slot
 * @param bytecodes length of its longest method
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, but for keys
public record Translation(byte[] classFile, List<Integer> calls, int bytecodes) {
    /** What a translation depends on. Compared whole: no two are taken for one. */
    public record Key(long[] words, int hash) {
        /** Of words that will not change any more. */
        public static Key of(long[] words) {
            return new Key(words, Arrays.hashCode(words));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && hash == key.hash && Arrays.equals(words, key.words);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    public Translation {
        calls = List.copyOf(calls);
    }
}
