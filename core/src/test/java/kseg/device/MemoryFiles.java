package kseg.device;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import kseg.port.FileRefusedException;
import kseg.port.FileRefusedException.Reason;
import kseg.port.HostFiles;

/** A host's directory tree in memory, without symbolic links. Trailing slashes name directories. */
final class MemoryFiles implements HostFiles {
    final TreeMap<String, byte[]> files = new TreeMap<>();
    final TreeSet<String> directories = new TreeSet<>(List.of(""));

    /** Set to have every operation refused. */
    RuntimeException trouble = null;

    int asked;

    @Override
    public Entry open(String directory, String path, Mode mode) {
        check();
        if (path.isEmpty() || path.startsWith("/")) {
            throw new FileRefusedException(Reason.BAD_PATH);
        }
        List<String> at = new ArrayList<>(directory.isEmpty() ? List.of() : split(directory));
        List<String> steps = split(path);
        for (int i = 0; i < steps.size(); i++) {
            if (files.containsKey(String.join("/", at))) {
                throw new FileRefusedException(Reason.NOT_DIRECTORY);
            }
            String step = steps.get(i);
            if (step.equals("..")) {
                if (at.isEmpty()) {
                    throw new FileRefusedException(Reason.BAD_PATH);
                }
                at.removeLast();
            } else if (!step.equals(".") && !step.isEmpty()) {
                at.add(step);
                String now = String.join("/", at);
                boolean exists = files.containsKey(now) || directories.contains(now);
                if (!exists && (i < steps.size() - 1 || mode == Mode.EXISTING)) {
                    throw new FileRefusedException(Reason.BAD_PATH);
                }
            }
        }
        String found = String.join("/", at);
        boolean isDirectory = directories.contains(found);
        if (mode == Mode.EXCLUSIVE && (isDirectory || files.containsKey(found))) {
            throw new FileRefusedException(Reason.EXISTS);
        }
        if (mode == Mode.CREATE && isDirectory) {
            throw new FileRefusedException(Reason.IS_DIRECTORY);
        }
        if (!isDirectory) {
            files.putIfAbsent(found, new byte[0]);
        }
        return new Entry(found, isDirectory);
    }

    @Override
    public byte[] read(String path, long offset, int length) {
        byte[] file = file(path);
        int from = (int) Math.min(offset, file.length);
        return Arrays.copyOfRange(file, from, Math.min(file.length, from + length));
    }

    @Override
    public void write(String path, long offset, byte[] data) {
        byte[] file = file(path);
        if (data.length > 0) {
            file = Arrays.copyOf(file, Math.max(file.length, (int) offset + data.length));
            System.arraycopy(data, 0, file, (int) offset, data.length);
            files.put(path, file);
        }
    }

    @Override
    public String name(String directory, long index) {
        check();
        if (!directories.contains(directory)) {
            throw new FileRefusedException(Reason.NOT_DIRECTORY);
        }
        TreeSet<String> names = new TreeSet<>();
        String prefix = directory.isEmpty() ? "" : directory + "/";
        for (TreeSet<String> all : List.of(new TreeSet<>(files.keySet()), directories)) {
            for (String path : all) {
                if (path.startsWith(prefix) && path.indexOf('/', prefix.length()) < 0) {
                    names.add(path.substring(prefix.length()));
                }
            }
        }
        names.remove("");
        List<String> listing = new ArrayList<>(List.of(".", ".."));
        listing.addAll(names);
        return index < listing.size() ? listing.get((int) index) : null;
    }

    @Override
    public long size(String path) {
        check();
        return directories.contains(path) ? 4096 : file(path).length;
    }

    @Override
    public void truncate(String path, long length) {
        files.put(path, Arrays.copyOf(file(path), (int) length));
    }

    private byte[] file(String path) {
        check();
        if (directories.contains(path)) {
            throw new FileRefusedException(Reason.IS_DIRECTORY);
        }
        byte[] file = files.get(path);
        if (file == null) {
            throw new FileRefusedException(Reason.GONE);
        }
        return file;
    }

    private void check() {
        asked++;
        if (trouble != null) {
            throw trouble;
        }
    }

    private static List<String> split(String path) {
        return Arrays.asList(path.split("/", -1));
    }
}
