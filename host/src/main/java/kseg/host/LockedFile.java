package kseg.host;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An open disk image that nobody else may open to write. The lock is System/161's flock(2), so a
 * Kseg and a sys161 keep each other out; where there is no such function, it is the one Java has,
 * which keeps two Ksegs apart. It ends with the process at the latest.
 *
 * <p>Not thread-safe: the machine's owner.
 */
final class LockedFile implements AutoCloseable {
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;
    private static final int NO_DESCRIPTOR = -1;

    /** struct stat is smaller everywhere. */
    private static final int STAT_BYTES = 256;

    private final FileChannel channel;

    /** Java keeps its channels' descriptors to itself: this is another of the same file. */
    private final int descriptor;

    private LockedFile(FileChannel channel, int descriptor) {
        this.channel = channel;
        this.descriptor = descriptor;
    }

    /**
     * Locks an open file, which is closed with the result. Empty if another process, or another
     * machine of this one, has locked it.
     */
    static Optional<LockedFile> of(FileChannel channel, Path file) throws IOException {
        Optional<UnixFiles> system = UnixFiles.here();
        if (system.isEmpty()) {
            try {
                return Optional.ofNullable(channel.tryLock())
                        .map(_ -> new LockedFile(channel, NO_DESCRIPTOR));
            } catch (OverlappingFileLockException e) {
                return Optional.empty();
            }
        }
        try (Arena arena = Arena.ofConfined()) {
            int descriptor = LibC.open(path(arena, file), system.get().openFlags());
            if (descriptor < 0) {
                throw new IOException("cannot be opened to be locked");
            }
            if (LibC.flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
                LibC.close(descriptor);
                return Optional.empty();
            }
            return Optional.of(new LockedFile(channel, descriptor));
        }
    }

    /** The room a file takes on the host's disk, in bytes; empty if the host does not say. */
    static Optional<Long> spaceUsed(Path file) {
        return UnixFiles.here().flatMap(system -> spaceUsed(file, system));
    }

    private static Optional<Long> spaceUsed(Path file, UnixFiles system) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(STAT_BYTES, JAVA_LONG.byteAlignment());
            return LibC.stat(path(arena, file), status) == 0
                    ? Optional.of(512 * status.get(JAVA_LONG, system.statBlocks()))
                    : Optional.empty();
        }
    }

    private static MemorySegment path(Arena arena, Path file) {
        Charset names = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
        return arena.allocateFrom(file.toString(), names);
    }

    FileChannel channel() {
        return channel;
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            if (descriptor != NO_DESCRIPTOR) {
                LibC.close(descriptor);
            }
        }
    }
}
