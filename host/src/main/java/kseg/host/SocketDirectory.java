package kseg.host;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The directory {@code .sockets} of a directory in which machines run. The first machine gets the
 * names System/161 gives its sockets; one that comes while another runs there gets names of its own
 * instead of taking the other's away, as System/161 does.
 *
 * <p>Which is the first is decided by a lock on a file, which ends with the process; a socket that
 * answers, as a running sys161's does, is left alone too.
 */
public final class SocketDirectory implements AutoCloseable {
    private static final String LOCK_FILE = ".lock";

    private final Path directory;
    private final long pid;
    private final FileChannel channel;
    private final boolean first;

    private SocketDirectory(Path directory, long pid, FileChannel channel, boolean first) {
        this.directory = directory;
        this.pid = pid;
        this.channel = channel;
        this.first = first;
    }

    /**
     * Makes the directory, for its owner only, if it does not exist.
     *
     * @param pid the process whose machine it is; names that are not the usual ones have it
     */
    public static SocketDirectory open(Path directory, long pid) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectory(directory);
            if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(
                        directory, PosixFilePermissions.fromString("rwx------"));
            }
        }
        FileChannel channel =
                FileChannel.open(
                        directory.resolve(LOCK_FILE),
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE);
        return new SocketDirectory(directory, pid, channel, tryLock(channel) != null);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /**
     * Where this machine's socket of a name is to be: under the name itself if no other machine
     * uses it. What a dead machine has left is removed.
     */
    public Path place(String name) throws IOException {
        Path usual = directory.resolve(name);
        Path place = usual;
        if (!first || answers(usual)) {
            String own = name + "-" + pid;
            place = directory.resolve(own);
            for (int i = 2; answers(place); i++) {
                place = directory.resolve(own + "-" + i);
            }
        }
        Files.deleteIfExists(place);
        return place;
    }

    /** Whether somebody listens on a socket. */
    private static boolean answers(Path socket) {
        if (!Files.exists(socket)) {
            return false;
        }
        try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
