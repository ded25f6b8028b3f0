package kseg.memory;

import java.util.Arrays;
import kseg.port.HostFailureException;

/**
 * The frames of one family: a machine, its snapshots and forks.
 *
 * <p>One {@code byte[]} whose length is a power of two, so that generated code can prove its
 * accesses in range with one mask. Frame 0 is the zero frame: shared by every page never written,
 * and never written itself. Frames are counted references; a frame with one reference belongs to
 * one page of one machine and may be written in place.
 */
public final class FramePool {
    public static final int FRAME_SHIFT = 12;
    public static final int FRAME_BYTES = 1 << FRAME_SHIFT;
    public static final int ZERO_FRAME = 0;

    /** Largest pool, 1 GB: physical addresses in page maps keep bit 31 and 30 as "absent". */
    public static final int MAX_BYTES = 1 << 30;

    /** Zeroing 64 MB took a tenth of the time to a small guest's prompt; pools grow when needed. */
    private static final int MIN_BYTES = 1 << 24;

    private byte[] bytes;
    private int[] references;
    private int[] free = new int[64];
    private int freeCount;
    private int neverUsed = 1;

    private FramePool(int sizeBytes) {
        bytes = new byte[sizeBytes];
        references = new int[sizeBytes >>> FRAME_SHIFT];
    }

    /**
     * A pool for a machine of this much RAM: the smallest power of two that holds it and a quarter
     * more, at least 16 MB.
     */
    public static FramePool forRam(int ramBytes) {
        int wanted = ramBytes + ramBytes / 4; // at most 635 MB
        int size = MIN_BYTES;
        while (size < wanted && size < MAX_BYTES) {
            size <<= 1;
        }
        return new FramePool(size);
    }

    /** The frames themselves; replaced by a longer array when the pool grows. */
    public byte[] bytes() {
        return bytes;
    }

    /** Number of frames the pool has room for at its present size. */
    public int capacity() {
        return references.length;
    }

    /** Number of frames in use, the zero frame not counted. */
    public int used() {
        return neverUsed - 1 - freeCount;
    }

    /** A new frame with one reference, its contents a copy of {@code source}'s. */
    int copyOf(int source) {
        int frame = allocate();
        System.arraycopy(bytes, source << FRAME_SHIFT, bytes, frame << FRAME_SHIFT, FRAME_BYTES);
        return frame;
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
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, 2 * freeCount);
        }
        free[freeCount++] = frame;
        return true;
    }

    private int allocate() {
        int frame;
        if (freeCount > 0) {
            frame = free[--freeCount];
        } else {
            if (neverUsed == references.length) {
                grow();
            }
            frame = neverUsed++;
        }
        references[frame] = 1;
        return frame;
    }

    private void grow() {
        if (bytes.length >= MAX_BYTES) {
            throw new HostFailureException(
                    "out of frames: this machine, its snapshots and forks already use all "
                            + (MAX_BYTES >>> 20)
                            + " MB of their pool; close some snapshots or forks");
        }
        bytes = Arrays.copyOf(bytes, 2 * bytes.length);
        references = Arrays.copyOf(references, 2 * references.length);
    }
}
