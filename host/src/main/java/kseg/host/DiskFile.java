package kseg.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import kseg.config.UserErrorException;
import kseg.port.BlockStore;

/**
 * The file format of System/161 disk images: a header of 512 bytes, {@code System/161 Disk Image}
 * and zeros, then the sectors. All functions that write hold the image's lock while they work.
 */
public final class DiskFile {
    /** What comes before sector 0. */
    public static final int HEADER_BYTES = 512;

    /** A disk needs 64 KB for the geometry of its 320 tracks. */
    public static final long LEAST_BYTES = 64 << 10;

    /** Sizes are below 4 GB. */
    public static final long MOST_BYTES = (1L << 32) - BlockStore.SECTOR_BYTES;

    private static final byte[] HEADER =
            Arrays.copyOf(
                    "System/161 Disk Image".getBytes(StandardCharsets.US_ASCII), HEADER_BYTES);

    private DiskFile() {}

    /**
     * What an image holds.
     *
     * @param bytes of its sectors
     * @param interruptedWrites sectors in the log of a run that did not end in order
     */
    public record Contents(long bytes, long interruptedWrites) {}

    /**
     * Makes an image full of zeros; it takes room on the host only as it is written.
     *
     * @param replace whether an existing file may be overwritten
     */
    public static void create(Path file, long bytes, boolean replace) throws UserErrorException {
        checkSize(file, bytes);
        if (Files.exists(file) && !replace) {
            throw HostErrors.of(file, "exists already", "use -f to overwrite it");
        }
        checkKind(file);
        try (LockedFile locked =
                lock(
                        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE),
                        file)) {
            FileChannel channel = locked.channel();
            SectorLog.discard(file);
            channel.truncate(0);
            setBytes(channel, bytes);
            channel.write(ByteBuffer.wrap(HEADER), 0);
        } catch (IOException e) {
            throw HostErrors.of(file, e, "");
        }
    }

    /** Looks at an image without changing it. */
    public static Contents info(Path file) throws UserErrorException {
        checkKind(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new Contents(check(channel, file), SectorLog.pending(file));
        } catch (IOException e) {
            throw HostErrors.of(file, e, missingHint(file, e));
        }
    }

    /** The room an image takes on the host's disk; its size where the host does not say. */
    public static long spaceUsed(Path file) throws UserErrorException {
        try {
            return LockedFile.spaceUsed(file).orElse(Files.size(file));
        } catch (IOException e) {
            throw HostErrors.of(file, e, missingHint(file, e));
        }
    }

    /** Grows an image by zeros, or cuts off its end. */
    public static void resize(Path file, long bytes) throws UserErrorException {
        checkSize(file, bytes);
        try (LockedFile locked = openAny(file)) {
            FileChannel channel = locked.channel();
            checkHeader(channel, file);
            SectorLog.replay(file, channel);
            setBytes(channel, bytes);
        } catch (IOException e) {
            throw HostErrors.of(file, e, "");
        }
    }

    /** Opens an image for reading and writing, locks it, and checks it. */
    static LockedFile open(Path file) throws UserErrorException {
        LockedFile locked = openAny(file);
        try {
            check(locked.channel(), file);
            return locked;
        } catch (UserErrorException e) {
            closeQuietly(locked);
            throw e;
        } catch (IOException e) {
            closeQuietly(locked);
            throw HostErrors.of(file, e, "");
        }
    }

    /** Opens a file for reading and writing, and locks it. */
    private static LockedFile openAny(Path file) throws UserErrorException {
        checkKind(file);
        if (Files.exists(file) && !Files.isWritable(file)) {
            String hint = "a machine writes its disks: chmod u+w " + file + ", or work on a copy";
            throw HostErrors.of(file, "is read-only", hint);
        }
        FileChannel channel;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw HostErrors.of(file, e, missingHint(file, e));
        }
        try {
            return lock(channel, file);
        } catch (IOException e) {
            throw HostErrors.of(file, e, "");
        }
    }

    static String missingHint(Path file, IOException e) {
        return e instanceof NoSuchFileException ? "make it: kseg disk create " + file + " 5M" : "";
    }

    /** Opening a pipe would wait for its other end, and a device has no size. */
    private static void checkKind(Path file) throws UserErrorException {
        if (Files.isDirectory(file)) {
            throw HostErrors.of(file, "is a directory, not a disk image", "");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw HostErrors.of(file, "is not a regular file, so no disk image", "");
        }
    }

    private static void checkSize(Path file, long bytes) throws UserErrorException {
        if (bytes < LEAST_BYTES || bytes > MOST_BYTES || bytes % BlockStore.SECTOR_BYTES != 0) {
            String what = "a disk cannot have " + bytes + " bytes";
            String hint = "a multiple of 512, at least 64K, less than 4G; for example 5M";
            throw HostErrors.of(file, what, hint);
        }
    }

    /** Locks an open file, which is closed if that fails. */
    private static LockedFile lock(FileChannel channel, Path file)
            throws IOException, UserErrorException {
        Optional<LockedFile> locked = Optional.empty();
        try {
            locked = LockedFile.of(channel, file);
        } finally {
            if (locked.isEmpty()) {
                closeQuietly(channel);
            }
        }
        return locked.orElseThrow(() -> {
            String hint =
                    "another kseg or sys161 is running on it; give each machine its own image";
            return HostErrors.of(file, "locked by another process", hint);
        });
    }

    /** The size of an image's sectors, if it can be a disk. */
    private static long check(FileChannel channel, Path file)
            throws IOException, UserErrorException {
        checkHeader(channel, file);
        long bytes = channel.size() - HEADER_BYTES;
        bytes -= bytes % BlockStore.SECTOR_BYTES;
        if (bytes < LEAST_BYTES) {
            String what =
                    "too short: " + bytes / BlockStore.SECTOR_BYTES + " sectors, not even 128";
            throw HostErrors.of(file, what, "mend it: kseg disk resize " + file + " 64K");
        }
        if (bytes > MOST_BYTES) {
            throw HostErrors.of(file, "too large: disks are smaller than 4 GB", "");
        }
        return bytes;
    }

    private static void checkHeader(FileChannel channel, Path file)
            throws IOException, UserErrorException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        int count = channel.read(header, 0);
        if (count < HEADER_BYTES) {
            String what = "too short for a disk image: " + Math.max(count, 0) + " bytes";
            throw HostErrors.of(file, what, "make a new one: kseg disk create -f " + file + " 5M");
        }
        if (!Arrays.equals(header.array(), HEADER)) {
            String what = "not a System/161 disk image: its first 512 bytes are something else";
            throw HostErrors.of(file, what, "images are made by: kseg disk create FILE SIZE");
        }
    }

    /** Sets the file's size; new parts are holes. */
    private static void setBytes(FileChannel channel, long bytes) throws IOException {
        long size = HEADER_BYTES + bytes;
        if (channel.size() > size) {
            channel.truncate(size);
        } else if (channel.size() < size) {
            channel.write(ByteBuffer.allocate(1), size - 1);
        }
    }

    static void closeQuietly(AutoCloseable file) {
        try {
            file.close();
        } catch (Exception e) {
            // Nothing was written that could be lost.
        }
    }
}
