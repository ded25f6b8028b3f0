package kseg.image;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import kseg.config.Numbers;
import kseg.config.UserError;
import kseg.config.UserErrorException;

/**
 * An executable that the System/161 boards can boot, with every piece placed in physical memory.
 *
 * <p>System/161's rules (see its boot protocol), with three deliberate differences: program headers
 * other than those to load are ignored whatever their type (today's linkers add {@code
 * PT_MIPS_ABIFLAGS} and {@code PT_GNU_STACK}), empty segments are ignored, and segments may not
 * overlap. The entry point must lie in the image.
 *
 * @param entry the address execution starts at, in kseg0 or kseg1
 * @param segments what to put where, in the order of the file
 */
public record BootImage(ElfImage image, int entry, List<Segment> segments) {
    private static final int BOOT_STACK_BYTES = 4;
    private static final long KSEG0 = 0x8000_0000L;
    private static final long KSEG2 = 0xc000_0000L;
    private static final int PHYSICAL_MASK = 0x1fff_ffff;
    private static final int E_TYPE = 16;
    private static final int E_MACHINE = 18;
    private static final int EI_DATA = 5;
    private static final int E_ENTRY = 24;
    private static final int P_VADDR = 8;

    /**
     * One piece of the image.
     *
     * @param header its program header
     * @param paddr its first physical address
     */
    public record Segment(ElfImage image, ElfImage.Segment header, int paddr) {

        /** What the file provides; the rest of {@link #memoryBytes} is zero. */
        public byte[] bytes() {
            byte[] bytes = new byte[header.copyBytes()];
            image.copy(header, bytes, 0);
            return bytes;
        }

        public long memoryBytes() {
            return header.memoryBytes();
        }

        long end() {
            return paddr + header.memoryBytes();
        }
    }

    public BootImage {
        segments = List.copyOf(segments);
    }

    /**
     * Checks and places an image.
     *
     * @param ramBytes the machine's memory
     */
    public static BootImage of(ElfImage image, long ramBytes) throws UserErrorException {
        checkKind(image);
        List<Segment> segments = new ArrayList<>();
        for (ElfImage.Segment segment : image.segments()) {
            if (segment.loadable() && segment.memoryBytes() > 0) {
                segments.add(place(image, segment, ramBytes));
            }
        }
        if (segments.isEmpty()) {
            throw error(image, E_TYPE, "nothing to load: no segment has any bytes", "");
        }
        checkOverlap(image, segments);
        checkEntry(image, segments);
        return new BootImage(image, image.entry(), segments);
    }

    /**
     * Checks that the argument string fits above the image, with room for a word of stack below it
     * (System/161's boot protocol).
     *
     * @param ramBytes the machine's memory
     */
    public void checkArguments(String arguments, long ramBytes) throws UserErrorException {
        long end = 0;
        for (Segment segment : segments) {
            end = Math.max(end, segment.end());
        }
        long free = ramBytes - end - BOOT_STACK_BYTES;
        long needed = argumentBytes(arguments).length;
        if (needed > free) {
            throw new UserErrorException(
                    new UserError.Usage(
                            "the kernel's arguments take %d bytes; %d are free above the kernel"
                                    .formatted(needed, Math.max(0, free)),
                            "shorten them, or give the machine more memory (--ram)"));
        }
    }

    /** The argument string as it stands in memory: with its NUL, padded to whole words. */
    public static byte[] argumentBytes(String arguments) {
        byte[] text = arguments.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(text, text.length + 4 & ~3);
    }

    private static void checkKind(ElfImage image) throws UserErrorException {
        if (image.machine() != ElfImage.EM_MIPS) {
            String what = "made for " + machineName(image.machine()) + ", not for MIPS";
            String hint = "give the kernel that the cross compiler made";
            throw error(image, E_MACHINE, what, hint);
        }
        if (!image.bigEndian()) {
            String hint =
                    "compile with -EB, or with mips-linux-gnu-gcc instead of mipsel-linux-gnu-gcc";
            throw error(image, EI_DATA, "little-endian; the System/161 board is big-endian", hint);
        }
        if (image.type() != ElfImage.ET_EXEC) {
            String what = "not an executable but " + typeName(image.type());
            String hint =
                    switch (image.type()) {
                        case 1 -> "link it: mips-linux-gnu-ld -Ttext=0x80000200 ...";
                        case 3 -> "link it at a fixed address: -static -no-pie";
                        default -> "";
                    };
            throw error(image, E_TYPE, what, hint);
        }
    }

    private static Segment place(ElfImage image, ElfImage.Segment segment, long ramBytes)
            throws UserErrorException {
        long vaddr = Integer.toUnsignedLong(segment.vaddr());
        long end = vaddr + segment.memoryBytes();
        String which = "segment " + segment.number() + " at " + ElfReader.hex(vaddr);
        long at = segment.headerOffset() + P_VADDR;
        if (vaddr < KSEG0 || end >= KSEG2) {
            String what = which + " is outside kseg0 and kseg1 (0x80000000-0xbfffffff)";
            String hint =
                    vaddr < KSEG0
                            ? "this looks like a user program; boot a kernel and let it run this"
                            : "";
            throw error(image, at, what, hint);
        }
        int paddr = segment.vaddr() & PHYSICAL_MASK;
        long needed = paddr + segment.memoryBytes();
        if (needed >= ramBytes) {
            String what = which + " ends at physical " + ElfReader.hex(needed);
            what += ", beyond memory of " + Numbers.showSize(ramBytes);
            long megabytes = (needed >> 20) + 1;
            String hint = "give the machine more memory: --ram " + megabytes + "M";
            throw error(image, at, what, hint);
        }
        return new Segment(image, segment, paddr);
    }

    private static void checkOverlap(ElfImage image, List<Segment> segments)
            throws UserErrorException {
        List<Segment> sorted = new ArrayList<>(segments);
        sorted.sort(Comparator.comparingInt(Segment::paddr));
        for (int i = 1; i < sorted.size(); i++) {
            Segment lower = sorted.get(i - 1);
            Segment upper = sorted.get(i);
            if (lower.end() > upper.paddr()) {
                String what =
                        "segments " + lower.header().number() + " and " + upper.header().number();
                what += " overlap at physical " + ElfReader.hex(upper.paddr());
                throw error(image, upper.header().headerOffset() + P_VADDR, what, "");
            }
        }
    }

    private static void checkEntry(ElfImage image, List<Segment> segments)
            throws UserErrorException {
        int entry = image.entry();
        String what = "entry point " + ElfReader.hex(Integer.toUnsignedLong(entry));
        if (entry % 4 != 0) {
            throw error(image, E_ENTRY, what + " is not a multiple of 4", "");
        }
        long unsigned = Integer.toUnsignedLong(entry);
        boolean direct = unsigned >= KSEG0 && unsigned < KSEG2;
        int paddr = entry & PHYSICAL_MASK;
        boolean inside = segments.stream().anyMatch(p -> paddr >= p.paddr() && paddr < p.end());
        if (!direct || !inside) {
            String hint = "does the linker script name the start routine in ENTRY(...)?";
            throw error(image, E_ENTRY, what + " is in no loaded segment", hint);
        }
    }

    private static String machineName(int machine) {
        return switch (machine) {
            case 3 -> "x86";
            case 40 -> "ARM";
            case 62 -> "x86-64";
            case 183 -> "AArch64";
            case 243 -> "RISC-V";
            default -> "machine type " + machine;
        };
    }

    private static String typeName(int type) {
        return switch (type) {
            case 1 -> "an object file";
            case 3 -> "a shared or position-independent file";
            case 4 -> "a core dump";
            default -> "a file of type " + type;
        };
    }

    private static UserErrorException error(ElfImage image, long offset, String what, String hint) {
        return new UserErrorException(new UserError.Image(image.name(), offset, what, hint));
    }
}
