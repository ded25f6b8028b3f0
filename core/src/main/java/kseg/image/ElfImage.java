package kseg.image;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import kseg.config.UserErrorException;
import org.jspecify.annotations.Nullable;

/**
 * An ELF file of class 32, either byte order, any machine. What a board is willing to boot is
 * decided by {@link BootImage}.
 *
 * <p>Source: System V ABI, chapter 4 "Object Files" and chapter 5 "Program Loading".
 */
public final class ElfImage {
    /** {@code e_type}: linked and at a fixed address. */
    public static final int ET_EXEC = 2;

    /** {@code e_machine}: MIPS, either byte order. */
    public static final int EM_MIPS = 8;

    /** {@code p_type}: to be loaded. */
    public static final int PT_LOAD = 1;

    /** {@code p_flags}: executable. */
    public static final int PF_X = 1;

    /**
     * One program header whose bytes lie within the file and whose addresses do not wrap.
     *
     * @param number index in the program header table
     * @param headerOffset where in the file the header stands
     * @param offset where in the file the bytes start
     * @param fileBytes bytes in the file
     * @param memoryBytes bytes in memory
     */
    public record Segment(
            int number,
            int type,
            long headerOffset,
            int offset,
            int fileBytes,
            int vaddr,
            long memoryBytes,
            int flags) {

        public boolean loadable() {
            return type == PT_LOAD;
        }

        public boolean executable() {
            return (flags & PF_X) != 0;
        }

        /** Bytes to copy from the file; the rest of {@code memoryBytes} is zero. */
        public int copyBytes() {
            return (int) Math.min(fileBytes, memoryBytes);
        }

        /** Whether the address lies in the part of the segment that the file provides. */
        public boolean covers(int address) {
            return Integer.compareUnsigned(address - vaddr, copyBytes()) < 0;
        }
    }

    private final String name;
    private final byte[] bytes;
    private final ElfHeader header;
    private final List<Segment> segments;
    private final SymbolTable symbols;
    private volatile @Nullable LineTable lines;

    ElfImage(
            String name,
            byte[] bytes,
            ElfHeader header,
            List<Segment> segments,
            SymbolTable symbols) {
        this.name = name;
        this.bytes = bytes;
        this.header = header;
        this.segments = List.copyOf(segments);
        this.symbols = symbols;
    }

    /**
     * Reads an ELF file. A damaged symbol table is no error, because nothing needs it to run: see
     * {@link SymbolTable#fault()}.
     *
     * @param bytes the whole file; not copied, and not to be changed afterwards
     * @param name of the file, for messages
     */
    public static ElfImage parse(byte[] bytes, String name) throws UserErrorException {
        return new ElfReader(bytes, name).read();
    }

    /**
     * Distinguishes the files one is likely to have: length, CRC-32 and CRC-32C, in hexadecimal.
     * Not a cryptographic hash, whose code takes 60 ms to warm up in a fresh JVM.
     */
    public String fingerprint() {
        var crc32 = new CRC32();
        crc32.update(bytes);
        var crc32c = new CRC32C();
        crc32c.update(bytes, 0, bytes.length);
        var hex = HexFormat.of();
        return hex.toHexDigits(bytes.length)
                + hex.toHexDigits((int) crc32.getValue())
                + hex.toHexDigits((int) crc32c.getValue());
    }

    public String name() {
        return name;
    }

    public boolean bigEndian() {
        return header.bigEndian();
    }

    /** {@code e_type}. */
    public int type() {
        return header.type();
    }

    /** {@code e_machine}. */
    public int machine() {
        return header.machine();
    }

    /** Where execution starts. */
    public int entry() {
        return header.entry();
    }

    /** All program headers, in the order of the file. */
    public List<Segment> segments() {
        return segments;
    }

    public SymbolTable symbols() {
        return symbols;
    }

    /**
     * The line tables of the debugging information, read when first asked for: who only runs an
     * image need not wait. Never fails: without tables, or with damaged ones, there are no lines.
     */
    public LineTable lines() {
        LineTable known = lines;
        if (known == null) { // two threads may read them both: the tables will be equal
            known = LineTable.of(new ElfSections(bytes, header));
            lines = known;
        }
        return known;
    }

    /** The call frames of the debugging information, looked at when asked for. */
    public CallFrames callFrames() {
        return new CallFrames(new ElfSections(bytes, header));
    }

    /** Copies the bytes a segment has in the file. */
    public void copy(Segment segment, byte[] into, int at) {
        System.arraycopy(bytes, segment.offset(), into, at, segment.copyBytes());
    }

    /**
     * The word at an address of a loadable segment, in the file's byte order; empty outside them.
     */
    public Optional<Integer> word(int vaddr) {
        for (Segment segment : segments) {
            if (segment.loadable() && segment.covers(vaddr) && segment.covers(vaddr + 3)) {
                int offset = segment.offset() + (vaddr - segment.vaddr());
                return Optional.of((int) ElfBytes.of(bytes, header.bigEndian()).word(offset));
            }
        }
        return Optional.empty();
    }
}
