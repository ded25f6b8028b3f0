package kseg.cli;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kseg.config.UserError;
import kseg.config.UserErrorException;
import kseg.host.HostErrors;

/**
 * Where the daemon of a user and a build is: a directory that only the user can look into. The
 * launcher says which.
 */
record DaemonPlace(Path directory) {
    /** The system property in which the launcher names the directory. */
    private static final String PROPERTY = "kseg.daemon";

    /** Belongs to the user whose process this is; without it the user is not known here. */
    private static final Path PROCESS = Path.of("/proc/self");

    /** As stat(2) has it: S_IFDIR and 0700, and what a directory may have inherited: S_ISGID. */
    private static final int DIRECTORY_OF_OWNER_ONLY = 040700;

    private static final int INHERITED = 02000;

    /** The system's limit: a structure of 108 bytes, the last a zero. */
    static final int MOST_SOCKET_BYTES = 107;

    /** The place of this process's daemon; empty if the launcher named none. */
    static Optional<DaemonPlace> own() {
        return Optional.of(System.getProperty(PROPERTY, ""))
                .filter(name -> name.startsWith("/"))
                .map(name -> new DaemonPlace(Path.of(name)));
    }

    /** The JVM option that makes this a process's own place. */
    String property() {
        return "-D" + PROPERTY + "=" + directory;
    }

    /** What two builds do not have in common. */
    String build() {
        return String.valueOf(directory.getFileName());
    }

    Path socket() {
        return directory.resolve("socket");
    }

    /** Locked by the daemon as long as it lives. */
    Path lock() {
        return directory.resolve("lock");
    }

    /** What the daemon itself prints, if anything. */
    Path log() {
        return directory.resolve("log");
    }

    /** Connects to the daemon, if there is one that can be trusted. */
    DaemonWire connect() throws IOException {
        if (!isOurs()) {
            throw new IOException("its directory is not its user's alone");
        }
        return new DaemonWire(SocketChannel.open(UnixDomainSocketAddress.of(socket())));
    }

    /** Makes the directory, for its owner only, if it does not exist. */
    void make() throws UserErrorException {
        if (socket().toString().getBytes(StandardCharsets.UTF_8).length > MOST_SOCKET_BYTES) {
            String what = "longer than the " + MOST_SOCKET_BYTES + " bytes of a socket's name";
            String hint = "set XDG_RUNTIME_DIR to a shorter directory of your own";
            throw new UserErrorException(new UserError.Host(socket().toString(), what, hint));
        }
        try {
            Files.createDirectories(directory.resolveSibling(""));
            if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
                Set<PosixFilePermission> ownerOnly = PosixFilePermissions.fromString("rwx------");
                Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(ownerOnly));
            }
            if (!isOurs()) {
                String what = "somebody else can use it, so the daemon will not";
                String hint = "remove it, or set XDG_RUNTIME_DIR to a directory of your own";
                throw new UserErrorException(new UserError.Host(directory.toString(), what, hint));
            }
        } catch (IOException e) {
            throw HostErrors.of(directory, e, "the daemon's socket needs a place");
        }
    }

    /** Removes the directory, as far as that is possible, but for a log that says something. */
    void remove() {
        List<Path> files = new ArrayList<>(List.of(socket(), lock()));
        if (log().toFile().length() == 0) {
            files.addAll(List.of(log(), directory));
        }
        files.forEach(file -> file.toFile().delete());
    }

    private boolean isOurs() throws IOException {
        if (Files.notExists(PROCESS)) {
            return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS);
        }
        Map<String, Object> found =
                Files.readAttributes(directory, "unix:mode,uid", LinkOption.NOFOLLOW_LINKS);
        return Files.getAttribute(PROCESS, "unix:uid").equals(found.get("uid"))
                && found.get("mode") instanceof Integer mode
                && (mode & ~INHERITED) == DIRECTORY_OF_OWNER_ONLY;
    }
}
