package kseg.device;

import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;
import org.jspecify.annotations.Nullable;

/** The open handles of an emufs card: each is a canonical path. Handle 0 is the root at first. */
final class EmufsHandles {
    static final int NONE = -1;

    private static final int HANDLES = 64;

    private final boolean shared;
    private final @Nullable String[] paths = new @Nullable String[HANDLES];

    /**
     * @param shared an object that is open gives the handle it has
     */
    EmufsHandles(boolean shared) {
        this.shared = shared;
        paths[0] = "";
    }

    /** The path this handle stands for, null when it is not open. */
    @Nullable String path(int handle) {
        return Integer.compareUnsigned(handle, HANDLES) < 0 ? paths[handle] : null;
    }

    /** Whether {@link #open} can succeed. When shared, that depends on what is opened. */
    boolean available() {
        return shared || firstFree() != NONE;
    }

    /** The handle for an object, {@link #NONE} when all are in use. */
    int open(String path) {
        if (path.isEmpty() && paths[0] != null) {
            return 0;
        }
        int handle = shared ? find(path) : NONE;
        if (handle == NONE) {
            handle = firstFree();
            if (handle != NONE) {
                paths[handle] = path;
            }
        }
        return handle;
    }

    void close(int handle) {
        paths[handle] = null;
    }

    void save(StateWriter out) {
        for (String path : paths) {
            out.putBoolean(path != null);
            if (path != null) {
                out.putString(path);
            }
        }
    }

    void restore(StateReader in) {
        for (int i = 0; i < HANDLES; i++) {
            paths[i] = in.getBoolean() ? in.getString() : null;
        }
    }

    private int find(String path) {
        for (int i = 0; i < HANDLES; i++) {
            if (path.equals(paths[i])) {
                return i;
            }
        }
        return NONE;
    }

    private int firstFree() {
        for (int i = 0; i < HANDLES; i++) {
            if (paths[i] == null) {
                return i;
            }
        }
        return NONE;
    }
}
