package kseg.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import kseg.config.UserErrorException;
import kseg.port.FileRefusedException;
import kseg.port.FileRefusedException.Reason;
import kseg.port.HostFailureException;
import kseg.port.HostFiles;
import org.jspecify.annotations.Nullable;

/**
 * A directory of the host that a guest uses through emufs, and cannot leave.
 *
 * <p>Paths are walked component by component from an open directory with openat(2) and without
 * following symbolic links; links are read and walked in their turn. So neither {@code ..} nor an
 * absolute path nor a link leads out, even if somebody swaps directories and links meanwhile.
 * {@link #unconfined} lifts this, for guests that are trusted: it is the same with the host's root
 * directory as the limit.
 *
 * <p>Only directories and regular files are shown; anything else could block the machine. Any
 * thread may use it: each operation walks anew from the open directory.
 */
public final class ConfinedDirectory implements HostFiles, AutoCloseable {
    /** What emufs reports for a directory; System/161 gives the host's number. */
    private static final long DIRECTORY_BYTES = 4096;

    private static final FileAttribute<?> PERMISSIONS =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-rw-r--"));

    private static final Set<OpenOption> READING =
            Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    private static final Set<OpenOption> WRITING =
            Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    private static final Set<OpenOption> CREATING =
            Set.of(
                    StandardOpenOption.WRITE,
                    StandardOpenOption.CREATE_NEW,
                    LinkOption.NOFOLLOW_LINKS);

    private final Path limit;
    private final SecureDirectoryStream<Path> root;

    /** Where the guest's directory is, below the limit. */
    private final List<String> start;

    private ConfinedDirectory(Path limit, List<String> start) throws IOException {
        this.limit = limit;
        this.start = start;
        var opened = limit.getFileSystem().provider().newDirectoryStream(limit, _ -> true);
        if (opened instanceof SecureDirectoryStream<Path> secure) {
            root = secure;
        } else {
            opened.close();
            throw new IOException("this host cannot confine a guest to a directory");
        }
    }

    /** Confines the guest to this directory. */
    public static ConfinedDirectory of(Path directory) throws UserErrorException {
        try {
            return new ConfinedDirectory(directory.toRealPath(), List.of());
        } catch (IOException e) {
            throw HostErrors.of(directory, e, "emufs needs a directory: dir=PATH");
        }
    }

    /** Starts the guest in this directory and lets it go everywhere, as System/161 does. */
    public static ConfinedDirectory unconfined(Path directory) throws UserErrorException {
        try (ConfinedDirectory _ = of(directory)) {
            Path real = directory.toRealPath();
            List<String> names = new ArrayList<>();
            real.forEach(name -> names.add(name.toString()));
            return new ConfinedDirectory(real.getRoot(), names);
        } catch (IOException e) {
            throw HostErrors.of(directory, e, "emufs needs a directory: dir=PATH");
        }
    }

    @Override
    public Entry open(String directory, String path, Mode mode) {
        if (path.isEmpty()) {
            throw new FileRefusedException(Reason.BAD_PATH);
        }
        try (Walk walk = new Walk(limit, root)) {
            boolean absolute = path.startsWith("/");
            if (absolute && !mayLeave()) {
                throw new FileRefusedException(Reason.BAD_PATH);
            }
            if (!absolute) {
                walk.enterAll(names(directory));
            }
            walk.follow(path, mayLeave());
            return found(walk, mode);
        } catch (IOException e) {
            throw Refusals.of(e, Reason.BAD_PATH);
        }
    }

    private Entry found(Walk walk, Mode mode) throws IOException {
        String missing = walk.missing();
        if (missing != null) {
            if (mode == Mode.EXISTING) {
                throw new FileRefusedException(Reason.BAD_PATH);
            }
            try {
                walk.directory().newByteChannel(Walk.name(missing), CREATING, PERMISSIONS).close();
            } catch (FileAlreadyExistsException e) {
                // Somebody else was faster.
                if (mode == Mode.EXCLUSIVE) {
                    throw e;
                }
            }
            return new Entry(canonical(walk.names(), missing), false);
        }
        String file = walk.file();
        if (mode == Mode.EXCLUSIVE) {
            throw new FileRefusedException(Reason.EXISTS);
        }
        if (mode == Mode.CREATE && file == null) {
            throw new FileRefusedException(Reason.IS_DIRECTORY);
        }
        return new Entry(canonical(walk.names(), file), file == null);
    }

    @Override
    public byte[] read(String path, long offset, int length) {
        byte[] data = new byte[length];
        ByteBuffer buffer = ByteBuffer.wrap(data);
        inFile(
                path,
                READING,
                channel -> {
                    channel.position(offset);
                    while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                        // More may follow.
                    }
                });
        return Arrays.copyOf(data, buffer.position());
    }

    @Override
    public void write(String path, long offset, byte[] data) {
        ByteBuffer buffer = ByteBuffer.wrap(data);
        inFile(
                path,
                WRITING,
                channel -> {
                    channel.position(offset);
                    while (buffer.hasRemaining()) {
                        channel.write(buffer);
                    }
                });
    }

    @Override
    public @Nullable String name(String directory, long index) {
        try (Walk walk = new Walk(limit, root)) {
            walk.enterAll(names(directory));
            List<String> listing = new ArrayList<>();
            try (SecureDirectoryStream<Path> again = walk.reopened()) {
                for (Path entry : again) {
                    listing.add(String.valueOf(entry.getFileName()));
                }
            }
            Collections.sort(listing);
            listing.addAll(0, List.of(".", ".."));
            return index < listing.size() ? listing.get((int) index) : null;
        } catch (IOException e) {
            throw Refusals.of(e, Reason.GONE);
        }
    }

    @Override
    public long size(String path) {
        try (Walk walk = new Walk(limit, root)) {
            walk.reach(names(path));
            String file = walk.file();
            return file == null ? DIRECTORY_BYTES : walk.attributes(file).size();
        } catch (IOException e) {
            throw Refusals.of(e, Reason.GONE);
        }
    }

    @Override
    public void truncate(String path, long length) {
        inFile(
                path,
                WRITING,
                channel -> {
                    if (channel.size() > length) {
                        channel.truncate(length);
                    } else if (channel.size() < length) {
                        channel.position(length - 1).write(ByteBuffer.allocate(1));
                    }
                });
    }

    @Override
    public void close() {
        try {
            root.close();
        } catch (IOException e) {
            throw new HostFailureException(limit + ": " + HostErrors.reason(e), e);
        }
    }

    private interface Work {
        void on(SeekableByteChannel channel) throws IOException;
    }

    private void inFile(String path, Set<OpenOption> options, Work work) {
        try (Walk walk = new Walk(limit, root)) {
            walk.reach(names(path));
            String file = walk.file();
            if (file == null) {
                throw new FileRefusedException(Reason.IS_DIRECTORY);
            }
            try (SeekableByteChannel channel =
                    walk.directory().newByteChannel(Walk.name(file), options)) {
                work.on(channel);
            }
        } catch (IOException e) {
            throw Refusals.of(e, Reason.GONE);
        }
    }

    private boolean mayLeave() {
        return !start.isEmpty() || limit.getParent() == null;
    }

    /** Names from the limit to the object with this canonical path. */
    private List<String> names(String canonical) {
        if (canonical.isEmpty()) {
            return start;
        }
        String relative = canonical.startsWith("/") ? canonical.substring(1) : canonical;
        return relative.isEmpty() ? List.of() : List.of(relative.split("/"));
    }

    /**
     * Below the guest's directory as it is; when it may leave, from the host's root with a slash.
     */
    private String canonical(List<String> directory, @Nullable String file) {
        List<String> all = new ArrayList<>(directory);
        if (file != null) {
            all.add(file);
        }
        if (all.equals(start)) {
            return "";
        }
        return (mayLeave() ? "/" : "") + String.join("/", all);
    }
}
