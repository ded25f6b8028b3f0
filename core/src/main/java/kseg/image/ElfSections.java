package kseg.image;

import java.util.Optional;

/**
 * Finds sections by name. None of them is needed to run an image, so damage only means that
 * sections are not found. Source: System V ABI, ELF32 sections.
 */
final class ElfSections {
    private static final int SH_TYPE = 4;
    private static final int SH_FLAGS = 8;
    private static final int SH_ADDR = 12;
    private static final int SH_OFFSET = 16;
    private static final int SH_SIZE = 20;
    private static final int SHT_NOBITS = 8;
    private static final int SHF_COMPRESSED = 0x800;
    private static final int E_SHSTRNDX = 50;

    /** Sections beyond this are not read: the work for a report stays bounded. */
    private static final long MOST_BYTES = 64 << 20;

    private final byte[] file;
    private final ElfBytes elf;
    private final ElfHeader header;

    ElfSections(byte[] file, ElfHeader header) {
        this.file = file;
        elf = ElfBytes.of(file, header.bigEndian());
        this.header = header;
    }

    /**
     * A section of the file.
     *
     * @param vaddr the address of its first byte in memory, 0 if it is not loaded
     */
    record Section(DebugBytes bytes, int vaddr) {}

    /**
     * The section of this name; empty if there is none.
     *
     * @throws DamagedException if there is one that cannot be read
     */
    Optional<Section> named(String name) {
        int each = header.sectionHeaderBytes();
        int count = header.sectionHeaderCount();
        if (count == 0
                || each < ElfHeader.SECTION_HEADER_BYTES
                || !elf.holds(header.sectionHeaders(), (long) count * each)) {
            return Optional.empty();
        }
        int names = elf.half(E_SHSTRNDX);
        if (names >= count) {
            return Optional.empty();
        }
        long strings = elf.word(at(names) + SH_OFFSET);
        long stringBytes = elf.word(at(names) + SH_SIZE);
        if (!elf.holds(strings, stringBytes)) {
            return Optional.empty();
        }
        for (int i = 0; i < count; i++) {
            long string = elf.word(at(i));
            if (string < stringBytes && isNamed(name, strings + string, strings + stringBytes)) {
                return section(name, at(i));
            }
        }
        return Optional.empty();
    }

    private long at(int number) {
        return header.sectionHeaders() + (long) number * header.sectionHeaderBytes();
    }

    private boolean isNamed(String name, long string, long end) {
        if (end - string <= name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (elf.octet(string + i) != name.charAt(i)) {
                return false;
            }
        }
        return elf.octet(string + name.length()) == 0;
    }

    private Optional<Section> section(String name, long at) {
        if (elf.word(at + SH_TYPE) == SHT_NOBITS) {
            return Optional.empty();
        }
        if ((elf.word(at + SH_FLAGS) & SHF_COMPRESSED) != 0) {
            throw new DamagedException(name + " is compressed, which Kseg does not read");
        }
        long offset = elf.word(at + SH_OFFSET);
        long bytes = elf.word(at + SH_SIZE);
        if (!elf.holds(offset, bytes)) {
            throw new DamagedException(name + " lies outside the file");
        }
        if (bytes > MOST_BYTES) {
            throw new DamagedException(name + " is larger than 64 MB");
        }
        DebugBytes contents =
                new DebugBytes(file, (int) offset, (int) (offset + bytes), header.bigEndian());
        return Optional.of(new Section(contents, (int) elf.word(at + SH_ADDR)));
    }
}
