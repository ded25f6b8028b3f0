package kseg.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import kseg.config.UserErrorException;
import kseg.port.BlockStore;
import kseg.port.HostFailureException;
import org.jspecify.annotations.Nullable;

/**
 * A disk image that a machine is running on. The image is locked and left as it is until {@link
 * #close}, which merges the log of writes into it; if the process dies first, the next {@link
 * #open} does.
 *
 * <p>Thread: the machine's owner, but any number of threads may {@link #read}.
 */
public final class DiskImage implements BlockStore, AutoCloseable {
    private final Path file;
    private final LockedFile locked;
    private final FileChannel channel;
    private final int sectors;
    private final boolean paranoid;
    private @Nullable SectorLog log;

    private DiskImage(Path file, LockedFile locked, int sectors, boolean paranoid) {
        this.file = file;
        this.locked = locked;
        channel = locked.channel();
        this.sectors = sectors;
        this.paranoid = paranoid;
    }

    /**
     * Opens an image.
     *
     * @param createSectors if there is no such file, make one of this many sectors
     * @param paranoid whether every write is forced to the host's disk
     */
    public static DiskImage open(Path file, OptionalLong createSectors, boolean paranoid)
            throws UserErrorException {
        if (createSectors.isPresent() && !Files.exists(file)) {
            DiskFile.create(file, createSectors.getAsLong() * SECTOR_BYTES, false);
        }
        LockedFile locked = DiskFile.open(file);
        try {
            SectorLog.replay(file, locked.channel());
            long bytes = locked.channel().size() - DiskFile.HEADER_BYTES;
            return new DiskImage(file, locked, (int) (bytes / SECTOR_BYTES), paranoid);
        } catch (IOException e) {
            DiskFile.closeQuietly(locked);
            throw HostErrors.of(file, e, "");
        }
    }

    @Override
    public int sectors() {
        return sectors;
    }

    @Override
    public void read(int sector, byte[] into) {
        ByteBuffer buffer = ByteBuffer.wrap(into);
        long at = DiskFile.HEADER_BYTES + (long) sector * SECTOR_BYTES;
        try {
            while (buffer.hasRemaining()) {
                int count = channel.read(buffer, at + buffer.position());
                if (count < 0) {
                    throw new HostFailureException(file + ": has become shorter");
                }
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void written(int sector, byte[] data) {
        try {
            if (log == null) {
                log = new SectorLog(file, paranoid);
            }
            log.append(sector, data);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Merges what was written into the image and unlocks it. */
    @Override
    public void close() {
        try (locked) {
            if (log != null) {
                log.close();
                SectorLog.replay(file, channel);
            }
        } catch (IOException e) {
            String what = file + ": " + HostErrors.reason(e) + "; what was written is in ";
            throw new HostFailureException(what + SectorLog.path(file), e);
        }
    }

    private HostFailureException failed(IOException e) {
        return new HostFailureException(file + ": " + HostErrors.reason(e), e);
    }
}
