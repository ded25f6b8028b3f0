package kseg.port;

import org.jspecify.annotations.Nullable;

/**
 * A directory of the host, as the emufs card shows it to the guest.
 *
 * <p>Nothing is ever open: an object is named by its canonical path, which {@link #open} found, so
 * that a restored machine goes on where it was. The canonical path of the directory itself is
 * empty. Paths and names are UTF-8 in the guest.
 *
 * <p>Every operation may throw {@link FileRefusedException}; those on a canonical path whose object
 * has vanished refuse with {@code GONE}.
 */
public interface HostFiles {
    /** What {@link #open} may do. */
    enum Mode {
        /** Find what exists. */
        EXISTING,
        /** Create a file unless there is one. */
        CREATE,
        /** Create a file; refuse when there is one. */
        EXCLUSIVE
    }

    /**
     * An object found.
     *
     * @param path its canonical path
     */
    record Entry(String path, boolean directory) {}

    /**
     * Finds or creates.
     *
     * @param directory canonical path to start from
     * @param path what the guest asks for
     */
    Entry open(String directory, String path, Mode mode);

    /** Reads up to {@code length} bytes; fewer at the end of the file. */
    byte[] read(String path, long offset, int length);

    /** Writes all of {@code data}. */
    void write(String path, long offset, byte[] data);

    /** The entry number {@code index} of a directory: ".", "..", then by name; null at the end. */
    @Nullable String name(String directory, long index);

    /** Size in bytes. */
    long size(String path);

    /** Cuts a file, or extends it with zeros. */
    void truncate(String path, long length);
}
