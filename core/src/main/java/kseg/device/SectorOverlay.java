package kseg.device;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import kseg.port.BlockStore;
import org.jspecify.annotations.Nullable;

/**
 * Sectors written over a disk image, or over a file: an immutable map from sector number to 512
 * bytes. Writing copies the path from the root (a radix tree of 32 branches a node), so snapshots
 * share what they have in common. May be shared between threads.
 */
public final class SectorOverlay {
    public static final SectorOverlay EMPTY =
            new SectorOverlay(new @Nullable Object[1 << Radix.BITS], 1, 0, 0);

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** Receives sectors. */
    public interface Visitor {
        /**
         * @param data 512 bytes, not to be changed
         */
        void sector(int sector, byte[] data);
    }

    /** The tree's shape: nodes are {@code Object[32]}, those of height 1 hold the sectors. */
    private static final class Radix {
        static final int BITS = 5;
        static final int MASK = (1 << BITS) - 1;

        private Radix() {}
    }

    private final @Nullable Object[] root;
    private final int height;
    private final int count;
    private final long digest;

    private SectorOverlay(@Nullable Object[] root, int height, int count, long digest) {
        this.root = root;
        this.height = height;
        this.count = count;
        this.digest = digest;
    }

    /** The contents of this sector, not to be changed; null when it was not written. */
    byte @Nullable [] find(int sector) {
        if (!covers(height, sector)) {
            return null;
        }
        Object node = root;
        for (int level = height; level > 0; level--) {
            if (node == null) {
                return null;
            }
            node = ((@Nullable Object[]) node)[index(sector, level)];
        }
        return (byte[]) node;
    }

    /**
     * This overlay with one sector replaced.
     *
     * @param sector 0 or more
     * @param data 512 bytes, copied
     */
    public SectorOverlay with(int sector, byte[] data) {
        @Nullable Object[] top = root;
        int levels = height;
        while (!covers(levels, sector)) {
            @Nullable Object[] higher = new @Nullable Object[1 << Radix.BITS];
            higher[0] = top;
            top = higher;
            levels++;
        }
        byte[] old = find(sector);
        byte[] copy = Arrays.copyOf(data, BlockStore.SECTOR_BYTES);
        long sum = digest + hash(sector, copy) - (old == null ? 0 : hash(sector, old));
        return new SectorOverlay(
                put(top, levels, sector, copy), levels, old == null ? count + 1 : count, sum);
    }

    /** Number of sectors written. */
    public int sectors() {
        return count;
    }

    /** Depends on the contents only, not on the order in which they were written. */
    public long digest() {
        return digest;
    }

    /** Visits every sector, in ascending order. */
    public void forEach(Visitor visitor) {
        visit(root, height, 0, visitor);
    }

    private static @Nullable Object[] put(
            @Nullable Object @Nullable [] node, int level, int sector, byte[] data) {
        @Nullable Object[] copy =
                node == null ? new @Nullable Object[1 << Radix.BITS] : node.clone();
        int index = index(sector, level);
        copy[index] =
                level == 1 ? data : put((@Nullable Object[]) copy[index], level - 1, sector, data);
        return copy;
    }

    private static void visit(@Nullable Object[] node, int level, int first, Visitor visitor) {
        for (int i = 0; i < node.length; i++) {
            Object child = node[i];
            if (child != null) {
                int sector = first + (i << Radix.BITS * (level - 1));
                if (level == 1) {
                    visitor.sector(sector, (byte[]) child);
                } else {
                    visit((@Nullable Object[]) child, level - 1, sector, visitor);
                }
            }
        }
    }

    private static boolean covers(int levels, int sector) {
        return (long) sector >>> Radix.BITS * levels == 0;
    }

    private static int index(int sector, int level) {
        return sector >>> Radix.BITS * (level - 1) & Radix.MASK;
    }

    private static long hash(int sector, byte[] data) {
        long hash = mix(sector + 1L);
        for (int i = 0; i < data.length; i += Long.BYTES) {
            hash = mix(hash ^ (long) LONGS.get(data, i));
        }
        return hash;
    }

    /** The finaliser of SplitMix64: a bijection that mixes well. */
    private static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
