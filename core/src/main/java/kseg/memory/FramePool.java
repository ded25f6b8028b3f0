package kseg.memory;

import java.util.Arrays;
import kseg.port.HostFailureException;

/**
 * The frames of one family: a machine, its snapshots and forks.
 *
 * <p>One {@code byte[]}, a power of two of them and a few to spare: generated code can prove its
 * accesses in range with one mask, also those a little behind what it masked. Frame 0 is the zero
 * frame: shared by every page never written, and never written itself. Frames are counted
 * references; a frame with one reference belongs to one page of one machine and may be written in
 * place.
 */
public final class FramePool {
    public static final int FRAME_SHIFT = 12;
    public static final int FRAME_BYTES = 1 << FRAME_SHIFT;
    public static final int ZERO_FRAME = 0;

    /** Bytes behind the last frame; nothing is ever there. */
    public static final int SPARE_BYTES = 4096;

    /** Largest pool, 1 GB: physical addresses in page maps keep bit 31 and 30 as "absent". */
    public static final int MAX_BYTES = 1 << 30;

    /** Zeroing 64 MB took a tenth of the time to a small guest's prompt; pools grow when needed. */
    private static final int MIN_BYTES = 1 << 24;

    /** {@link #suits}. */
    private static final int MOST_TIMES = 4;

    private byte[] bytes;
    private int[] references;
    private int used;

    /** Where the search for any free frame goes on, downwards. */
    private int cursor;

    private FramePool(int sizeBytes) {
        bytes = new byte[sizeBytes + SPARE_BYTES];
        references = new int[sizeBytes >>> FRAME_SHIFT];
        cursor = references.length;
    }

    /**
     * A pool for a machine of this much RAM: the smallest power of two that holds it and a quarter
     * more, at least 16 MB.
     */
    public static FramePool forRam(int ramBytes) {
        return new FramePool(sizeFor(ramBytes));
    }

    private static int sizeFor(int ramBytes) {
        int wanted = ramBytes + ramBytes / 4; // at most 635 MB
        int size = MIN_BYTES;
        while (size < wanted && size < MAX_BYTES) {
            size <<= 1;
        }
        return size;
    }

    /** Whether it is about as large as one made for this much RAM: not smaller, nor much larger. */
    public boolean suits(int ramBytes) {
        int size = sizeFor(ramBytes) >>> FRAME_SHIFT;
        return references.length >= size && references.length <= MOST_TIMES * size;
    }

    /** The frames themselves; replaced by a longer array when the pool grows. */
    public byte[] bytes() {
        return bytes;
    }

    /** The bits that are clear in every address of a frame's byte in this array. */
    public static int outside(byte[] bytes) {
        return -(bytes.length - SPARE_BYTES);
    }

    /** Number of frames the pool has room for at its present size. */
    public int capacity() {
        return references.length;
    }

    /** Number of frames in use, the zero frame not counted. */
    public int used() {
        return used;
    }

    /**
     * A new frame with one reference, its contents a copy of {@code source}'s. If it can, it is the
     * one that lies as far from the others' frames as {@code page} from their pages: compiled code
     * is faster where pages that lie behind each other do so in the pool, too.
     */
    int copyOf(int source, int page) {
        int frame = allocate(page + 1);
        System.arraycopy(bytes, source << FRAME_SHIFT, bytes, frame << FRAME_SHIFT, FRAME_BYTES);
        return frame;
    }

    /**
     * Moves a frame with one reference into a place that is free; what it was is free then.
     *
     * @return false if the place is taken, or not in the pool
     */
    boolean move(int frame, int place) {
        if (place >= references.length || references[place] > 0) {
            return false;
        }
        System.arraycopy(bytes, frame << FRAME_SHIFT, bytes, place << FRAME_SHIFT, FRAME_BYTES);
        references[place] = 1;
        references[frame] = 0;
        return true;
    }

    boolean shared(int frame) {
        return frame == ZERO_FRAME || references[frame] > 1;
    }

    void retain(int frame) {
        if (frame != ZERO_FRAME) {
            references[frame]++;
        }
    }

    /** Drops a reference; says whether the frame is free now. */
    boolean release(int frame) {
        if (frame == ZERO_FRAME || --references[frame] > 0) {
            return false;
        }
        used--;
        return true;
    }

    private int allocate(int wanted) {
        int frame = wanted;
        if (wanted >= references.length || references[wanted] > 0) {
            frame = anyFree();
        }
        references[frame] = 1;
        used++;
        return frame;
    }

    /** From the top, which no page wants as long as there is room. */
    private int anyFree() {
        if (used == references.length - 1) {
            grow();
            cursor = references.length;
        }
        do {
            cursor = cursor > 1 ? cursor - 1 : references.length - 1;
        } while (references[cursor] > 0);
        return cursor;
    }

    private void grow() {
        if (references.length >= MAX_BYTES >>> FRAME_SHIFT) {
            throw new HostFailureException(
                    "out of frames: this machine, its snapshots and forks already use all "
                            + (MAX_BYTES >>> 20)
                            + " MB of their pool; close some snapshots or forks");
        }
        int[] more = Arrays.copyOf(references, 2 * references.length);
        bytes = Arrays.copyOf(bytes, (more.length << FRAME_SHIFT) + SPARE_BYTES);
        references = more; // both, or neither for want of memory
    }
}
