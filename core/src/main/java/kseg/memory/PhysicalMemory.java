package kseg.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * One machine's RAM: a copy-on-write view of its family's frames, addressed by physical page.
 *
 * <p>Bytes lie in guest order. All writes, whether by a CPU, a device, the loader or a debugger,
 * come through {@link #writableFrame}, directly or by way of a write map entry it allowed. Watchers
 * of code are told of writes to pages they declared.
 */
public final class PhysicalMemory {
    private static final VarHandle BIG =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    /** Who has derived something (decoded or compiled code) from the contents of frames. */
    public interface CodeWatcher {
        /** Whether this frame holds code, so that stores must not bypass the barrier. */
        boolean holdsCode(int frame);

        /** The word at this byte offset of a frame holding code has been written. */
        void written(int frame, int offset);

        /** The frame has been given back to the pool. */
        void freed(int frame);
    }

    private final FramePool pool;
    private final PageMaps maps;
    private final CodeWatcher watcher;
    private final FrameTree tree;
    private final int pages;
    private FrameTree.Node root;

    /** An all-zero memory of {@code sizeBytes}, a multiple of the page size. */
    public PhysicalMemory(FramePool pool, PageMaps maps, CodeWatcher watcher, int sizeBytes) {
        this.pool = pool;
        this.maps = maps;
        this.watcher = watcher;
        pages = sizeBytes >>> FramePool.FRAME_SHIFT;
        tree = new FrameTree(pool, watcher::freed);
        root = tree.emptyRoot();
    }

    private PhysicalMemory(PhysicalMemory parent, FrameTree.Node root) {
        pool = parent.pool;
        maps = parent.maps;
        watcher = parent.watcher;
        pages = parent.pages;
        tree = parent.tree;
        this.root = root;
    }

    /** Contents of a memory at one instant. Holds its frames until closed. */
    public static final class Image implements AutoCloseable {
        private final FrameTree tree;
        private final FrameTree.Node root;
        private boolean closed;

        private Image(FrameTree tree, FrameTree.Node root) {
            this.tree = tree;
            this.root = root;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                tree.release(root);
            }
        }
    }

    /** Size in bytes. */
    public int sizeBytes() {
        return pages << FramePool.FRAME_SHIFT;
    }

    /** Frames in use by this memory, its images and its forks together. */
    public int framesInUse() {
        return pool.used();
    }

    /** The pool's bytes at this moment; fetch again after anything that may allocate. */
    public byte[] bytes() {
        return pool.bytes();
    }

    public PageMaps maps() {
        return maps;
    }

    /** Shares the present contents; costs one reference and the installed write permissions. */
    public Image share() {
        maps.dropWrites();
        tree.retain(root);
        return new Image(tree, root);
    }

    /** Replaces the contents by an image's of the same family. */
    public void restore(Image image) {
        if (image.closed || image.tree != tree) {
            throw new IllegalArgumentException("a closed image, or one of another family");
        }
        FrameTree.Node old = root;
        tree.retain(image.root);
        root = image.root;
        tree.release(old);
        maps.dropAll();
    }

    /** A memory of the same family with an image's contents. */
    public PhysicalMemory fork(Image image) {
        tree.retain(image.root);
        return new PhysicalMemory(this, image.root);
    }

    /** Gives the frames back; the memory must not be used afterwards. */
    public void close() {
        maps.dropAll();
        tree.release(root);
    }

    /** The frame to read a physical page from. */
    public int frame(int page) {
        return tree.frame(root, page);
    }

    /**
     * The write barrier: the frame to write a physical page in. Afterwards the page is exclusive to
     * this machine and dirty, and map entries to where it lay before are gone.
     */
    public int writableFrame(int page) {
        int before = tree.frame(root, page);
        root = tree.ownRoot(root);
        int frame = tree.ownFrame(root, page);
        if (frame != before) {
            maps.dropPhysical(before, page);
        }
        return frame;
    }

    /**
     * Whether the barrier would change nothing, so that the page's frame may be mapped writable.
     */
    public boolean writesFreely(int page) {
        return tree.ownsDirty(root, page) && mayMapWritable(tree.frame(root, page));
    }

    /**
     * Lets a page that a TLB maps lie in the pool as it does in virtual memory: compiled loops are
     * faster where pages that lie behind each other there do so in the pool, too. Once for each
     * frame, if it is this machine's own, holds no code, and the place is free.
     *
     * @param virtualPage number of the page that the TLB maps to {@code page}
     * @param space tells address spaces apart, 0 to 63
     * @return the page's frame now
     */
    public int settle(int page, int virtualPage, int space) { // hot
        int frame = tree.frame(root, page);
        int first = pages + 1;
        int room = pool.capacity() - first;
        if (frame == page + 1
                && room > 0
                && !watcher.holdsCode(frame)
                && tree.ownsDirty(root, page)) {
            int place = first + (int) ((virtualPage + (long) space * (room >>> 6)) % room);
            if (tree.move(root, page, place)) {
                maps.dropPhysical(frame, page);
                return place;
            }
        }
        return frame;
    }

    /** Whether a write map entry may be installed for a frame the barrier returned. */
    public boolean mayMapWritable(int frame) {
        return !watcher.holdsCode(frame);
    }

    /** Big-endian word at an aligned address in the pool, found by way of a page map. */
    public int pooledWord(int address) {
        return (int) BIG.get(pool.bytes(), address);
    }

    /** Stores a big-endian word at an aligned address in the pool, found by way of a write map. */
    public void putPooledWord(int address, int value) {
        BIG.set(pool.bytes(), address, value);
    }

    /** Big-endian word at a physical address; the address is aligned and below the size. */
    public int word(int paddr) {
        return (int) BIG.get(pool.bytes(), address(frame(page(paddr)), paddr));
    }

    /** Stores a big-endian word at an aligned physical address below the size. */
    public void putWord(int paddr, int value) {
        int frame = writableFrame(page(paddr));
        BIG.set(pool.bytes(), address(frame, paddr), value);
        wrote(frame, paddr);
    }

    public int byteAt(int paddr) {
        return pool.bytes()[address(frame(page(paddr)), paddr)] & 0xff;
    }

    public void putByte(int paddr, int value) {
        int frame = writableFrame(page(paddr));
        pool.bytes()[address(frame, paddr)] = (byte) value;
        wrote(frame, paddr);
    }

    /** Stores bytes from a physical address on; a page of zeros never written stays unallocated. */
    public void put(int paddr, byte[] bytes) {
        int done = 0;
        while (done < bytes.length) {
            int inPage = (paddr + done) & (FramePool.FRAME_BYTES - 1);
            int count = Math.min(bytes.length - done, FramePool.FRAME_BYTES - inPage);
            int page = page(paddr + done);
            if (frame(page) != FramePool.ZERO_FRAME || !allZero(bytes, done, count)) {
                int frame = writableFrame(page);
                System.arraycopy(bytes, done, pool.bytes(), address(frame, paddr + done), count);
                for (int at = 0; at < count; at += 4) {
                    wrote(frame, paddr + done + at);
                }
                wrote(frame, paddr + done + count - 1);
            }
            done += count;
        }
    }

    private static boolean allZero(byte[] bytes, int from, int count) {
        for (int i = from; i < from + count; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** Tells the watcher of a store made in a frame got from {@link #writableFrame}. */
    public void wrote(int frame, int paddr) {
        if (watcher.holdsCode(frame)) {
            watcher.written(frame, paddr & (FramePool.FRAME_BYTES - 4));
        }
    }

    /** Hash of all contents; costs only the pages written since the last time. */
    public long hash() {
        maps.dropWrites();
        return tree.rootHash(root);
    }

    private static int page(int paddr) {
        return paddr >>> FramePool.FRAME_SHIFT;
    }

    private static int address(int frame, int paddr) {
        return frame << FramePool.FRAME_SHIFT | paddr & (FramePool.FRAME_BYTES - 1);
    }
}
