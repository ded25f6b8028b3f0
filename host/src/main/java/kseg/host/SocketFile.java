package kseg.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The file of a unix socket that has been bound. Another program may put a socket of its own in its
 * place, as a sys161 does that starts in the same directory; that one is not ours to remove.
 *
 * @param key what the host tells files apart by, if it does
 */
record SocketFile(Path path, @Nullable Object key) {
    /** The file that has just been bound. */
    static SocketFile bound(Path path) throws IOException {
        return new SocketFile(path, keyOf(path));
    }

    private static @Nullable Object keyOf(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    /**
     * Removes the file unless it is another by now. The socket must still be open: then the host
     * has not given what tells it apart to a new file.
     */
    void remove() {
        try {
            if (Objects.equals(key, keyOf(path))) {
                Files.delete(path);
            }
        } catch (IOException e) {
            // Gone; or a socket without a server, which harms nobody: the next machine takes its
            // place.
        }
    }
}
