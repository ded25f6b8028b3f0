package kseg.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The directories and files of a line table's header: lists of strings up to version 4, tables that
 * describe themselves in version 5 (DWARF 5, sections 6.2.4 and 6.2.4.1).
 */
final class LineFiles {
    private static final int SELF_DESCRIBING = 5;

    // Content types.
    private static final long PATH = 1;
    private static final long DIRECTORY_INDEX = 2;

    // Forms.
    private static final int BLOCK2 = 0x03;
    private static final int BLOCK4 = 0x04;
    private static final int DATA2 = 0x05;
    private static final int DATA4 = 0x06;
    private static final int DATA8 = 0x07;
    private static final int STRING = 0x08;
    private static final int BLOCK = 0x09;
    private static final int BLOCK1 = 0x0a;
    private static final int DATA1 = 0x0b;
    private static final int STRP = 0x0e;
    private static final int UDATA = 0x0f;
    private static final int DATA16 = 0x1e;
    private static final int LINE_STRP = 0x1f;

    /** The sections of strings that entries refer to; null where the file has none. */
    record Strings(@Nullable DebugBytes all, @Nullable DebugBytes lines) {}

    /** A damaged table could claim as many as fit a gigabyte. */
    private static final int MOST_ENTRIES = 1 << 16;

    private record File(String name, long directory) {}

    private final DebugBytes tables;
    private final int version;
    private final int offsetBytes;
    private final Strings strings;

    /**
     * @param tables what follows the opcode lengths in the header
     */
    LineFiles(DebugBytes tables, int version, int offsetBytes, Strings strings) {
        this.tables = tables;
        this.version = version;
        this.offsetBytes = offsetBytes;
        this.strings = strings;
    }

    /**
     * A line of the file with this number; empty if there is no such file.
     *
     * @throws DamagedException if the tables make no sense
     */
    Optional<SourceLine> source(long file, int line) {
        DebugBytes in = tables.from(tables.offset());
        boolean old = version < SELF_DESCRIBING;
        List<File> directories = old ? oldDirectories(in) : entries(in);
        List<File> files = old ? oldFiles(in) : entries(in);
        long index = old ? file - 1 : file;
        if (index < 0 || index >= files.size()) {
            return Optional.empty();
        }
        File found = files.get((int) index);
        return Optional.of(
                new SourceLine(directory(found.directory, directories), found.name, line));
    }

    /** Directory 0 is the one the compiler ran in; others may lie below it. */
    private String directory(long number, List<File> directories) {
        long index = version < SELF_DESCRIBING ? number - 1 : number;
        if (number <= 0 || index >= directories.size()) {
            return "";
        }
        String name = directories.get((int) index).name;
        String home = version < SELF_DESCRIBING ? "" : directories.getFirst().name;
        if (name.equals(home)) {
            return "";
        }
        boolean below = !home.isEmpty() && name.startsWith(home + "/");
        return below ? name.substring(home.length() + 1) : name;
    }

    private static List<File> oldDirectories(DebugBytes in) {
        List<File> directories = new ArrayList<>();
        for (String name = in.string(); !name.isEmpty(); name = in.string()) {
            add(directories, new File(name, 0));
        }
        return directories;
    }

    private static List<File> oldFiles(DebugBytes in) {
        List<File> files = new ArrayList<>();
        for (String name = in.string(); !name.isEmpty(); name = in.string()) {
            add(files, new File(name, in.unsigned()));
            in.unsigned(); // time
            in.unsigned(); // size
        }
        return files;
    }

    private List<File> entries(DebugBytes in) {
        long[] types = new long[in.octet()];
        int[] forms = new int[types.length];
        for (int i = 0; i < types.length; i++) {
            types[i] = in.unsigned();
            forms[i] = (int) in.unsigned();
        }
        long count = in.unsigned();
        if (count < 0 || types.length == 0 && count > 0) {
            throw new DamagedException("file entries without contents");
        }
        List<File> entries = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            String name = "";
            long directory = 0;
            for (int part = 0; part < types.length; part++) {
                if (types[part] == PATH) {
                    name = text(in, forms[part]);
                } else if (types[part] == DIRECTORY_INDEX) {
                    directory = number(in, forms[part]);
                } else {
                    skip(in, forms[part]);
                }
            }
            add(entries, new File(name, directory));
        }
        return entries;
    }

    private static void add(List<File> entries, File entry) {
        if (entries.size() == MOST_ENTRIES) {
            throw new DamagedException("more than 65536 files");
        }
        entries.add(entry);
    }

    private String text(DebugBytes in, int form) {
        return switch (form) {
            case STRING -> in.string();
            case LINE_STRP -> referred(in, strings.lines());
            case STRP -> referred(in, strings.all());
            default -> throw unknown(form);
        };
    }

    private String referred(DebugBytes in, @Nullable DebugBytes section) {
        long offset = in.fixed(offsetBytes);
        if (section == null) {
            throw new DamagedException("the section with its file names is missing");
        }
        return section.from(offset).string();
    }

    private static long number(DebugBytes in, int form) {
        return switch (form) {
            case UDATA -> in.unsigned();
            case DATA1 -> in.octet();
            case DATA2 -> in.half();
            case DATA4 -> Integer.toUnsignedLong(in.word());
            case DATA8 -> in.fixed(8);
            default -> throw unknown(form);
        };
    }

    private void skip(DebugBytes in, int form) {
        switch (form) {
            case STRING, LINE_STRP, STRP -> text(in, form);
            case DATA16 -> in.skip(16);
            case BLOCK -> in.skip(in.unsigned());
            case BLOCK1 -> in.skip(in.octet());
            case BLOCK2 -> in.skip(in.half());
            case BLOCK4 -> in.skip(Integer.toUnsignedLong(in.word()));
            default -> number(in, form);
        }
    }

    private static DamagedException unknown(int form) {
        return new DamagedException("a file entry of form 0x" + Integer.toHexString(form));
    }
}
