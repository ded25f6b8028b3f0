package kseg.host;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import kseg.port.FileRefusedException;
import kseg.port.FileRefusedException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * A walk through directories that does not leave the limit it starts from. It holds an open
 * directory for every level it is in, so that {@code ..} leads back the way it came, whatever is
 * renamed meanwhile, and opens the next one relative to the last, never through a link.
 */
final class Walk implements AutoCloseable {
    private static final int MOST_LINKS = 40;

    private final Path limit;
    private final SecureDirectoryStream<Path> root;
    private final ArrayList<SecureDirectoryStream<Path>> entered = new ArrayList<>();
    private final ArrayList<String> names = new ArrayList<>();
    private @Nullable String file;
    private @Nullable String missing;
    private int links;

    /**
     * @param root the limit, open; it stays open
     */
    Walk(Path limit, SecureDirectoryStream<Path> root) {
        this.limit = limit;
        this.root = root;
    }

    /**
     * A name as the host's file system has it. Some it cannot have: one with a NUL, and in a locale
     * such as C one that is not ASCII. U+FFFD stands for what was no UTF-8.
     */
    static Path name(String name) {
        if (name.indexOf('\ufffd') >= 0) {
            throw new FileRefusedException(Reason.BAD_PATH);
        }
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new FileRefusedException(Reason.BAD_PATH);
        }
    }

    /** The directory the walk is in. */
    SecureDirectoryStream<Path> directory() {
        return entered.isEmpty() ? root : entered.getLast();
    }

    /** The directory the walk is in, opened again so that it can be listed. */
    SecureDirectoryStream<Path> reopened() throws IOException {
        return directory().newDirectoryStream(Path.of("."), LinkOption.NOFOLLOW_LINKS);
    }

    /** Names of the directories from the limit to here. */
    List<String> names() {
        return names;
    }

    /** The regular file in this directory to which the walk led, null when it led here. */
    @Nullable String file() {
        return file;
    }

    /** The name in this directory to which the walk led, where there is nothing. */
    @Nullable String missing() {
        return missing;
    }

    BasicFileAttributes attributes(String name) throws IOException {
        return directory()
                .getFileAttributeView(
                        name(name), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
    }

    /** Enters directories, none of which may be a link. */
    void enterAll(List<String> directories) throws IOException {
        for (String name : directories) {
            enter(name);
        }
    }

    /** Walks to an object known by names without links. */
    void reach(List<String> canonical) throws IOException {
        if (!canonical.isEmpty()) {
            enterAll(canonical.subList(0, canonical.size() - 1));
            String last = canonical.getLast();
            BasicFileAttributes attributes = attributes(last);
            if (attributes.isSymbolicLink()) {
                throw new NoSuchFileException(last); // What was there has been replaced.
            }
            step(last, attributes);
        }
    }

    /** Walks along a path as the kernel would, links included, within the limit. */
    void follow(String path, boolean absoluteLinks) throws IOException {
        var ahead = new ArrayDeque<>(Arrays.asList(path.split("/", -1)));
        while (!ahead.isEmpty()) {
            String name = ahead.removeFirst();
            if (missing != null) {
                throw new FileRefusedException(Reason.BAD_PATH);
            }
            if (file != null) {
                throw new FileRefusedException(Reason.NOT_DIRECTORY);
            }
            if (name.equals("..")) {
                leave();
            } else if (!name.isEmpty() && !name.equals(".")) {
                followName(name, ahead, absoluteLinks);
            }
        }
    }

    private void followName(String name, ArrayDeque<String> ahead, boolean absoluteLinks)
            throws IOException {
        BasicFileAttributes attributes;
        try {
            attributes = attributes(name);
        } catch (NoSuchFileException e) {
            missing = name;
            return;
        }
        if (!attributes.isSymbolicLink()) {
            step(name, attributes);
            return;
        }
        if (++links > MOST_LINKS) {
            throw new FileSystemLoopException(name);
        }
        String target = Files.readSymbolicLink(path().resolve(name)).toString();
        if (target.startsWith("/")) {
            if (!absoluteLinks) {
                throw new FileRefusedException(Reason.BAD_PATH);
            }
            while (!names.isEmpty()) {
                leave();
            }
        }
        String[] more = target.split("/", -1);
        for (int i = more.length - 1; i >= 0; i--) {
            ahead.addFirst(more[i]);
        }
    }

    private void step(String name, BasicFileAttributes attributes) throws IOException {
        if (attributes.isDirectory()) {
            enter(name);
        } else if (attributes.isRegularFile()) {
            file = name;
        } else {
            throw new FileRefusedException(Reason.UNKNOWN);
        }
    }

    private void enter(String name) throws IOException {
        entered.add(directory().newDirectoryStream(name(name), LinkOption.NOFOLLOW_LINKS));
        names.add(name);
    }

    private void leave() throws IOException {
        if (names.isEmpty()) {
            throw new FileRefusedException(Reason.BAD_PATH);
        }
        names.removeLast();
        entered.removeLast().close();
    }

    private Path path() {
        Path path = limit;
        for (String name : names) {
            path = path.resolve(name);
        }
        return path;
    }

    @Override
    public void close() throws IOException {
        for (SecureDirectoryStream<Path> stream : entered) {
            stream.close();
        }
    }
}
