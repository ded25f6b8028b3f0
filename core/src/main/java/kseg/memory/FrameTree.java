package kseg.memory;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which frame holds each physical page: a three-level tree of 64-way nodes (2^18 pages, 1 GB), with
 * a hash in every node. Nodes are shared between a machine, its snapshots and its forks and copied
 * on the way to a write, so that sharing a whole memory costs one reference, and a hash after few
 * writes costs few pages.
 */
final class FrameTree {
    private static final int WAYS_SHIFT = 6;
    private static final int WAYS = 1 << WAYS_SHIFT;
    private static final int LEVELS = 3;
    private static final long UNKNOWN = 0;

    /** A node of level 0 holds frames, one above holds nodes; null is a subtree of zero pages. */
    static final class Node {
        final int level;
        final int @Nullable [] frames;
        final long @Nullable [] pageHashes;
        final @Nullable Node @Nullable [] children;
        long hash = UNKNOWN;
        int references = 1;

        Node(int level) {
            this.level = level;
            frames = level == 0 ? new int[WAYS] : null;
            pageHashes = level == 0 ? new long[WAYS] : null;
            children = level == 0 ? null : new Node[WAYS];
        }
    }

    /** Called with every frame whose last page is gone. */
    interface FrameFreed {
        void freed(int frame);
    }

    private final FramePool pool;
    private final FrameFreed onFree;

    /** Made when first asked for: loading the JDK's providers takes longer than a guest's boot. */
    private @Nullable Hasher hasher;

    FrameTree(FramePool pool, FrameFreed onFree) {
        this.pool = pool;
        this.onFree = onFree;
    }

    Node emptyRoot() {
        return new Node(LEVELS - 1);
    }

    /** The frame of a page, {@link FramePool#ZERO_FRAME} for a page never written. */
    int frame(Node root, int page) {
        Node node = root;
        for (int level = LEVELS - 1; level > 0; level--) {
            Node child = children(node)[index(page, level)];
            if (child == null) {
                return FramePool.ZERO_FRAME;
            }
            node = child;
        }
        return frames(node)[page & (WAYS - 1)];
    }

    /**
     * Makes the page's path and frame exclusive to {@code root}, which must itself be exclusive,
     * and forgets its hashes. Returns the frame.
     */
    int ownFrame(Node root, int page) {
        Node node = root;
        node.hash = UNKNOWN;
        for (int level = LEVELS - 1; level > 0; level--) {
            node = ownChild(node, index(page, level));
            node.hash = UNKNOWN;
        }
        int slot = page & (WAYS - 1);
        int[] frames = frames(node);
        int frame = frames[slot];
        if (pool.shared(frame)) {
            frames[slot] = pool.copyOf(frame, page);
            pool.release(frame);
        }
        hashes(node)[slot] = UNKNOWN;
        return frames[slot];
    }

    /** Whether the page's path and frame are exclusive already, and without hashes. */
    boolean ownsDirty(Node root, int page) {
        Node node = root;
        for (int level = LEVELS - 1; level > 0; level--) {
            if (node.references != 1 || node.hash != UNKNOWN) {
                return false;
            }
            Node child = children(node)[index(page, level)];
            if (child == null) {
                return false;
            }
            node = child;
        }
        int slot = page & (WAYS - 1);
        return node.references == 1
                && node.hash == UNKNOWN
                && hashes(node)[slot] == UNKNOWN
                && !pool.shared(frames(node)[slot]);
    }

    /**
     * Moves the frame of a page that {@link #ownsDirty} to another place in the pool, if that is
     * free.
     */
    boolean move(Node root, int page, int place) {
        Node node = root;
        for (int level = LEVELS - 1; level > 0; level--) {
            node = ownChild(node, index(page, level));
        }
        int[] frames = frames(node);
        int slot = page & (WAYS - 1);
        int frame = frames[slot];
        if (!pool.move(frame, place)) {
            return false;
        }
        frames[slot] = place;
        onFree.freed(frame);
        return true;
    }

    /** A root of its own for a machine about to write; the given reference is consumed. */
    Node ownRoot(Node root) {
        return own(root);
    }

    void retain(Node root) {
        root.references++;
    }

    void release(Node node) {
        if (--node.references > 0) {
            return;
        }
        if (node.frames != null) {
            for (int frame : node.frames) {
                if (pool.release(frame)) {
                    onFree.freed(frame);
                }
            }
            return;
        }
        for (Node child : children(node)) {
            if (child != null) {
                release(child);
            }
        }
    }

    /** Hash of all pages; computes only what has changed since the last time. */
    long rootHash(Node root) {
        Hasher known = hasher;
        if (known == null) {
            known = new Hasher();
            hasher = known;
        }
        return known.hash(root, LEVELS - 1);
    }

    /** The first 64 bits of SHA-256, of pages and of the hashes of the nodes below. */
    private final class Hasher {
        private final MessageDigest sha256;
        private final long zeroPage;
        private final long[] zeros = new long[LEVELS];

        Hasher() {
            try {
                sha256 = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
            zeroPage = digest(new byte[FramePool.FRAME_BYTES], 0, FramePool.FRAME_BYTES);
            long below = zeroPage;
            for (int level = 0; level < LEVELS; level++) {
                long[] hashes = new long[WAYS];
                Arrays.fill(hashes, below);
                below = digest(hashes);
                zeros[level] = below;
            }
        }

        long hash(@Nullable Node node, int level) {
            if (node == null) {
                return zeros[level];
            }
            if (node.hash == UNKNOWN) {
                node.hash = digest(level == 0 ? pageHashes(node) : childHashes(node, level));
            }
            return node.hash;
        }

        private long[] childHashes(Node node, int level) {
            long[] hashes = new long[WAYS];
            for (int i = 0; i < WAYS; i++) {
                hashes[i] = hash(children(node)[i], level - 1);
            }
            return hashes;
        }

        private long[] pageHashes(Node leaf) {
            long[] hashes = hashes(leaf);
            for (int i = 0; i < WAYS; i++) {
                if (hashes[i] == UNKNOWN) {
                    int frame = frames(leaf)[i];
                    int offset = frame << FramePool.FRAME_SHIFT;
                    hashes[i] =
                            frame == FramePool.ZERO_FRAME
                                    ? zeroPage
                                    : digest(pool.bytes(), offset, FramePool.FRAME_BYTES);
                }
            }
            return hashes;
        }

        private long digest(long[] words) {
            ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES * words.length);
            for (long word : words) {
                buffer.putLong(word);
            }
            return digest(buffer.array(), 0, buffer.capacity());
        }

        private long digest(byte[] bytes, int offset, int length) {
            sha256.update(bytes, offset, length);
            long hash = ByteBuffer.wrap(sha256.digest()).getLong();
            return hash == UNKNOWN ? 1 : hash;
        }
    }

    private Node ownChild(Node parent, int slot) {
        Node child = children(parent)[slot];
        Node owned = child == null ? new Node(parent.level - 1) : own(child);
        children(parent)[slot] = owned;
        return owned;
    }

    private Node own(Node node) {
        if (node.references == 1) {
            return node;
        }
        Node copy = new Node(node.level);
        copy.hash = node.hash;
        if (node.frames != null) {
            System.arraycopy(node.frames, 0, frames(copy), 0, WAYS);
            System.arraycopy(hashes(node), 0, hashes(copy), 0, WAYS);
            for (int frame : node.frames) {
                pool.retain(frame);
            }
        } else {
            System.arraycopy(children(node), 0, children(copy), 0, WAYS);
            for (Node child : children(copy)) {
                if (child != null) {
                    child.references++;
                }
            }
        }
        node.references--;
        return copy;
    }

    private static int index(int page, int level) {
        return (page >>> (WAYS_SHIFT * level)) & (WAYS - 1);
    }

    private static @Nullable Node[] children(Node node) {
        if (node.children == null) {
            throw new IllegalStateException("a leaf has no children");
        }
        return node.children;
    }

    private static int[] frames(Node leaf) {
        if (leaf.frames == null) {
            throw new IllegalStateException("an inner node has no frames");
        }
        return leaf.frames;
    }

    private static long[] hashes(Node leaf) {
        if (leaf.pageHashes == null) {
            throw new IllegalStateException("an inner node has no page hashes");
        }
        return leaf.pageHashes;
    }
}
