package kseg.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import kseg.port.FileRefusedException;
import kseg.port.FileRefusedException.Reason;
import kseg.port.HostFiles;
import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;
import org.jspecify.annotations.Nullable;

/**
 * The host's files as a detached machine has them: it reads what is there, its writes stay private,
 * in memory. Part of the state of such a machine; saving it costs as much as there are files
 * written, whatever their size.
 */
public final class OverlayFiles implements HostFiles {
    private final HostFiles below;
    private final TreeMap<String, OverlayFile> files = new TreeMap<>();

    public OverlayFiles(HostFiles below) {
        this.below = below;
    }

    @Override
    public Entry open(String directory, String path, Mode mode) {
        Entry found = find(directory, path);
        if (found != null) {
            if (mode == Mode.EXCLUSIVE) {
                throw new FileRefusedException(Reason.EXISTS);
            }
            if (mode == Mode.CREATE && found.directory()) {
                throw new FileRefusedException(Reason.IS_DIRECTORY);
            }
            return found;
        }
        if (mode == Mode.EXISTING) {
            throw new FileRefusedException(Reason.BAD_PATH);
        }
        String canonical = child(directory, path);
        if (canonical == null) {
            throw new FileRefusedException(Reason.BAD_PATH);
        }
        files.put(canonical, OverlayFile.EMPTY);
        return new Entry(canonical, false);
    }

    @Override
    public byte[] read(String path, long offset, int length) {
        OverlayFile file = files.get(path);
        return file == null
                ? below.read(path, offset, length)
                : file.read(offset, length, (at, count) -> below.read(path, at, count));
    }

    @Override
    public void write(String path, long offset, byte[] data) {
        OverlayFile file = own(path);
        files.put(path, file.write(offset, data, (at, count) -> below.read(path, at, count)));
    }

    @Override
    public @Nullable String name(String directory, long index) {
        TreeSet<String> names = new TreeSet<>();
        List<String> first = new ArrayList<>();
        for (long i = 0; ; i++) {
            String name = below.name(directory, i);
            if (name == null) {
                break;
            }
            if (i < 2) {
                first.add(name); // "." and ".."
            } else {
                names.add(name);
            }
        }
        String prefix = within(directory);
        SortedMap<String, OverlayFile> inside = files.tailMap(prefix);
        for (String path : inside.keySet()) {
            if (!path.startsWith(prefix)) {
                break;
            }
            String name = path.substring(prefix.length());
            if (name.indexOf('/') < 0) {
                names.add(name);
            }
        }
        first.addAll(names);
        return index < first.size() ? first.get((int) index) : null;
    }

    @Override
    public long size(String path) {
        OverlayFile file = files.get(path);
        return file == null ? below.size(path) : file.size();
    }

    @Override
    public void truncate(String path, long length) {
        files.put(path, own(path).truncate(length));
    }

    /** Saves the private files. */
    public void save(StateWriter out) {
        out.section("overlay files", 1);
        out.putInt(files.size());
        for (Map.Entry<String, OverlayFile> entry : files.entrySet()) {
            out.putString(entry.getKey());
            out.putLong(entry.getValue().size());
            out.putLong(entry.getValue().baseSize());
            SectorOverlay written = entry.getValue().written();
            out.attach(written, written.digest());
        }
    }

    /** Takes back what {@link #save} wrote. */
    public void restore(StateReader in) {
        in.section("overlay files", 1);
        files.clear();
        for (int left = in.getInt(); left > 0; left--) {
            String path = in.getString();
            long size = in.getLong();
            long baseSize = in.getLong();
            SectorOverlay written = in.attachment(SectorOverlay.class);
            files.put(path, new OverlayFile(size, baseSize, written));
        }
    }

    private @Nullable Entry find(String directory, String path) {
        try {
            return below.open(directory, path, Mode.EXISTING);
        } catch (FileRefusedException e) {
            if (e.reason() != Reason.BAD_PATH) {
                throw e;
            }
        }
        String canonical = child(directory, path);
        return canonical != null && files.containsKey(canonical)
                ? new Entry(canonical, false)
                : null;
    }

    /**
     * The canonical path of a file that does not exist below, whose directory does; null when the
     * path does not name such a file.
     */
    private @Nullable String child(String directory, String path) {
        int slash = path.lastIndexOf('/');
        String name = path.substring(slash + 1);
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            return null;
        }
        String parentPath = slash < 0 ? "." : slash == 0 ? "/" : path.substring(0, slash);
        Entry parent = below.open(directory, parentPath, Mode.EXISTING);
        if (!parent.directory()) {
            throw new FileRefusedException(Reason.NOT_DIRECTORY);
        }
        return within(parent.path()) + name;
    }

    /** What the canonical paths of a directory's entries begin with. */
    private static String within(String directory) {
        return directory.isEmpty() || directory.endsWith("/") ? directory : directory + "/";
    }

    /** The private version of a file, made from the one below at its first change. */
    private OverlayFile own(String path) {
        OverlayFile file = files.get(path);
        if (file != null) {
            return file;
        }
        long size = below.size(path); // refuses when it is gone
        if (below.open("", path.isEmpty() ? "." : path, Mode.EXISTING).directory()) {
            throw new FileRefusedException(Reason.IS_DIRECTORY);
        }
        return new OverlayFile(size, size, SectorOverlay.EMPTY);
    }
}
