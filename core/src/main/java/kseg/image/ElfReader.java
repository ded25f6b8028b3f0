package kseg.image;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import kseg.config.UserError;
import kseg.config.UserErrorException;
import kseg.image.ElfImage.Segment;

/**
 * Reads and checks one ELF file, front to back. Field offsets are those of the System V ABI, ELF32.
 */
final class ElfReader {
    private static final int EI_CLASS = 4;
    private static final int EI_DATA = 5;
    private static final int EI_VERSION = 6;
    private static final int E_TYPE = 16;
    private static final int E_MACHINE = 18;
    private static final int E_VERSION = 20;
    private static final int E_ENTRY = 24;
    private static final int E_PHOFF = 28;
    private static final int E_SHOFF = 32;
    private static final int E_PHENTSIZE = 42;
    private static final int E_PHNUM = 44;
    private static final int E_SHENTSIZE = 46;
    private static final int E_SHNUM = 48;
    private static final int P_OFFSET = 4;
    private static final int P_VADDR = 8;
    private static final int P_FILESZ = 16;
    private static final int P_MEMSZ = 20;
    private static final int P_FLAGS = 24;

    private static final String DAMAGED = "the file is damaged; link or copy it again";

    private final byte[] bytes;
    private final String name;

    ElfReader(byte[] bytes, String name) {
        this.bytes = bytes;
        this.name = name;
    }

    ElfImage read() throws UserErrorException {
        ElfBytes elf = identify();
        ElfHeader header = header(elf);
        List<Segment> segments = segments(elf, header);
        return new ElfImage(name, bytes, header, segments, new SymbolReader(elf, header).read());
    }

    private ElfBytes identify() throws UserErrorException {
        if (bytes.length == 0) {
            throw error(0, "the file is empty", "");
        }
        if (!startsWith("\177ELF")) {
            throw error(0, "not an ELF file", whatItIsInstead());
        }
        if (bytes.length < ElfHeader.BYTES) {
            String what = "truncated: an ELF header has 52 bytes, the file " + bytes.length;
            throw error(bytes.length, what, DAMAGED);
        }
        int bits = bytes[EI_CLASS];
        if (bits == 2) {
            String hint = "the R3000 runs 32-bit code: compile with -mips1 -mabi=32";
            throw error(EI_CLASS, "a 64-bit ELF file", hint);
        }
        if (bits != 1) {
            throw error(EI_CLASS, "ELF class " + (bits & 0xff) + " is neither 1 nor 2", DAMAGED);
        }
        int data = bytes[EI_DATA];
        if (data != 1 && data != 2) {
            String what = "byte order " + (data & 0xff) + " is neither 1 (little) nor 2 (big)";
            throw error(EI_DATA, what, DAMAGED);
        }
        if (bytes[EI_VERSION] != 1) {
            throw error(
                    EI_VERSION, "ELF version " + (bytes[EI_VERSION] & 0xff) + " is not 1", DAMAGED);
        }
        return ElfBytes.of(bytes, data == 2);
    }

    private String whatItIsInstead() {
        if (startsWith("System/161 Disk Image")) {
            return "it is a disk image: configure it as a disk, and give the kernel here";
        }
        if (startsWith("#!") || startsWith("#")) {
            return "it looks like a script or a configuration file; give the linked kernel";
        }
        if (startsWith("\037\213")) {
            return "it is compressed: gunzip it first";
        }
        return "give the linked kernel, as the cross compiler made it";
    }

    private boolean startsWith(String magic) {
        byte[] wanted = magic.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < wanted.length; i++) {
            if (i >= bytes.length || bytes[i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    private ElfHeader header(ElfBytes elf) throws UserErrorException {
        if (elf.word(E_VERSION) != 1) {
            throw error(E_VERSION, "ELF version " + elf.word(E_VERSION) + " is not 1", DAMAGED);
        }
        ElfHeader header =
                new ElfHeader(
                        bytes[EI_DATA] == 2,
                        elf.half(E_TYPE),
                        elf.half(E_MACHINE),
                        (int) elf.word(E_ENTRY),
                        elf.word(E_PHOFF),
                        elf.half(E_PHENTSIZE),
                        elf.half(E_PHNUM),
                        elf.word(E_SHOFF),
                        elf.half(E_SHENTSIZE),
                        elf.half(E_SHNUM));
        int count = header.programHeaderCount();
        if (count > 0 && header.programHeaderBytes() < ElfHeader.PROGRAM_HEADER_BYTES) {
            String what = "program headers of " + header.programHeaderBytes() + " bytes, not 32";
            throw error(E_PHENTSIZE, what, DAMAGED);
        }
        long tableBytes = (long) count * header.programHeaderBytes();
        if (!elf.holds(header.programHeaders(), tableBytes)) {
            String range = range(header.programHeaders(), tableBytes);
            throw error(E_PHOFF, "program headers at " + range + " lie outside " + size(), DAMAGED);
        }
        return header;
    }

    private List<Segment> segments(ElfBytes elf, ElfHeader header) throws UserErrorException {
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i < header.programHeaderCount(); i++) {
            long at = header.programHeaders() + (long) i * header.programHeaderBytes();
            segments.add(segment(elf, i, at));
        }
        return segments;
    }

    /** Only what will be loaded need be sound: damaged notes or stack descriptions stop nobody. */
    private Segment segment(ElfBytes elf, int number, long at) throws UserErrorException {
        int type = (int) elf.word(at);
        long offset = elf.word(at + P_OFFSET);
        long fileBytes = elf.word(at + P_FILESZ);
        long vaddr = elf.word(at + P_VADDR);
        long memoryBytes = elf.word(at + P_MEMSZ);
        boolean inFile = elf.holds(offset, fileBytes);
        if (type == ElfImage.PT_LOAD && !inFile) {
            String what =
                    "segment "
                            + number
                            + " wants bytes "
                            + range(offset, fileBytes)
                            + " of "
                            + size();
            throw error(
                    at + P_OFFSET, what, "the file is truncated or damaged; link or copy it again");
        }
        if (type == ElfImage.PT_LOAD && vaddr + memoryBytes > 1L << 32) {
            String what =
                    "segment " + number + " at " + hex(vaddr) + " wraps past the end of addresses";
            throw error(at + P_MEMSZ, what, DAMAGED);
        }
        return new Segment(
                number,
                type,
                at,
                inFile ? (int) offset : 0,
                inFile ? (int) fileBytes : 0,
                (int) vaddr,
                memoryBytes,
                (int) elf.word(at + P_FLAGS));
    }

    private static String range(long offset, long count) {
        return hex(offset) + "-" + hex(offset + count);
    }

    private String size() {
        return "a file of " + hex(bytes.length) + " bytes";
    }

    static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }

    private UserErrorException error(long offset, String what, String hint) {
        return new UserErrorException(new UserError.Image(name, offset, what, hint));
    }
}
