package kseg.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import kseg.port.BlockStore;

/**
 * The log of the sectors a running machine has written, beside the image, which it leaves alone
 * until the run ends. A record is the sector's number, its 512 bytes and a CRC-32C of both; a
 * record that is torn ends the log. Replaying is idempotent, so being interrupted in it does no
 * harm.
 *
 * <p>Not thread-safe: the machine's owner.
 */
final class SectorLog implements AutoCloseable {
    private static final int RECORD_BYTES = 4 + BlockStore.SECTOR_BYTES + 4;
    private static final int CHECKED_BYTES = 4 + BlockStore.SECTOR_BYTES;

    private final FileChannel channel;
    private final ByteBuffer record = ByteBuffer.allocateDirect(RECORD_BYTES);
    private final boolean force;

    /**
     * @param force whether every record is to be on the host's disk before the guest goes on
     */
    SectorLog(Path image, boolean force) throws IOException {
        channel =
                FileChannel.open(
                        path(image),
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING);
        this.force = force;
    }

    static Path path(Path image) {
        return image.resolveSibling(image.getFileName() + ".kseg-log");
    }

    /** Appends a record, all of it or, when the host's disk is full, nothing. */
    void append(int sector, byte[] data) throws IOException {
        record.clear().putInt(sector).put(data);
        record.putInt(checksum(record)).flip();
        long start = channel.position();
        try {
            while (record.hasRemaining()) {
                channel.write(record);
            }
        } catch (IOException e) {
            // A torn record would hide those that follow it.
            channel.truncate(start);
            throw e;
        }
        if (force) {
            channel.force(false);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /**
     * Writes what the log holds into the image, forces it to the host's disk, and removes the log.
     */
    static void replay(Path image, FileChannel into) throws IOException {
        if (!Files.exists(path(image))) {
            return;
        }
        long sectors = (into.size() - DiskFile.HEADER_BYTES) / BlockStore.SECTOR_BYTES;
        forEach(
                image,
                (sector, data) -> {
                    if (sector < sectors) {
                        long at = DiskFile.HEADER_BYTES + (long) sector * BlockStore.SECTOR_BYTES;
                        while (data.hasRemaining()) {
                            at += into.write(data, at);
                        }
                    }
                });
        into.force(false);
        discard(image);
    }

    /** Sound records in the log. */
    static long pending(Path image) throws IOException {
        if (!Files.exists(path(image))) {
            return 0;
        }
        long[] count = {0};
        forEach(image, (_, _) -> count[0]++);
        return count[0];
    }

    static void discard(Path image) throws IOException {
        Files.deleteIfExists(path(image));
    }

    private interface Visitor {
        void record(int sector, ByteBuffer data) throws IOException;
    }

    private static void forEach(Path image, Visitor visitor) throws IOException {
        try (FileChannel log = FileChannel.open(path(image), StandardOpenOption.READ)) {
            ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES);
            while (readFully(log, record)) {
                if (record.getInt(CHECKED_BYTES) != checksum(record)) {
                    return;
                }
                record.position(4).limit(CHECKED_BYTES);
                visitor.record(record.getInt(0), record);
            }
        }
    }

    private static boolean readFully(FileChannel log, ByteBuffer record) throws IOException {
        record.clear();
        while (record.hasRemaining()) {
            if (log.read(record) < 0) {
                return false;
            }
        }
        return true;
    }

    private static int checksum(ByteBuffer record) {
        CRC32C crc = new CRC32C();
        crc.update(record.slice(0, CHECKED_BYTES));
        return (int) crc.getValue();
    }
}
