package kseg.image;

import java.util.Optional;

/**
 * What an image says of its call frames: {@code .debug_frame}, and {@code .eh_frame} as far as its
 * addresses are absolute or relative to their place. DWARF 5, section 6.4; Linux Standard Base,
 * "Exception Frames". A damaged section has no frames.
 */
public final class CallFrames {
    private static final int NO_CIE_32 = 0xffffffff;

    // Encodings of addresses in .eh_frame: a format, and what it counts from.
    private static final int FORMAT = 0x0f;
    private static final int UDATA4 = 0x03;
    private static final int SDATA4 = 0x0b;
    private static final int APPLICATION = 0x70;
    private static final int PC_RELATIVE = 0x10;

    /** Entries looked at for a question. */
    private static final int MOST_ENTRIES = 1_000_000;

    private final ElfSections sections;

    CallFrames(ElfSections sections) {
        this.sections = sections;
    }

    /** What functions have in common. */
    private record Cie(
            long codeUnit,
            long dataUnit,
            int returnRegister,
            boolean augmented,
            boolean signal,
            int encoding,
            DebugBytes program) {}

    /** The frame of the function at an address, as it is before the instruction there. */
    public Optional<CallFrame> at(int vaddr) {
        Optional<CallFrame> frame = at(vaddr, ".debug_frame", false);
        return frame.isPresent() ? frame : at(vaddr, ".eh_frame", true);
    }

    private Optional<CallFrame> at(int vaddr, String name, boolean exceptions) {
        try {
            Optional<ElfSections.Section> section = sections.named(name);
            return section.isEmpty() ? Optional.empty() : find(section.get(), vaddr, exceptions);
        } catch (DamagedException e) {
            return Optional.empty();
        }
    }

    private static Optional<CallFrame> find(
            ElfSections.Section section, int vaddr, boolean exceptions) {
        DebugBytes all = section.bytes();
        int entries = 0;
        while (!all.atEnd() && entries++ < MOST_ENTRIES) {
            DebugBytes.Unit unit = all.unit();
            DebugBytes in = unit.bytes();
            if (in.atEnd()) {
                continue; // a terminator; what the linker put behind it counts too
            }
            int here = in.offset();
            long id = in.fixed(unit.offsetBytes());
            boolean isCie =
                    exceptions
                            ? id == 0
                            : unit.offsetBytes() == 4 ? (int) id == NO_CIE_32 : id == -1;
            if (isCie) {
                continue;
            }
            Cie cie = cie(all.from(exceptions ? here - id : id), exceptions);
            int low = address(in, cie, section);
            int length = in.word();
            if (Integer.compareUnsigned(vaddr - low, length) < 0) {
                if (cie.augmented) {
                    in.skip(in.unsigned());
                }
                return Optional.of(run(cie, in, low, vaddr));
            }
        }
        return Optional.empty();
    }

    private static Cie cie(DebugBytes section, boolean exceptions) {
        DebugBytes.Unit unit = section.unit();
        DebugBytes in = unit.bytes();
        in.skip(exceptions ? 4 : unit.offsetBytes());
        int version = in.octet();
        String augmentation = in.string();
        if (version == 4) {
            in.skip(2); // size of addresses and of segment selectors
        }
        long codeUnit = in.unsigned();
        long dataUnit = in.signed();
        int returnRegister = (int) (version == 1 ? in.octet() : in.unsigned());
        if (returnRegister < 0 || returnRegister >= CallFrame.REGISTERS) {
            throw new DamagedException("frames with return address " + returnRegister);
        }
        boolean augmented = augmentation.startsWith("z");
        boolean signal = false;
        int encoding = 0;
        if (augmented) {
            DebugBytes data = in.take(in.unsigned());
            for (int i = 1; i < augmentation.length(); i++) {
                switch (augmentation.charAt(i)) {
                    case 'R' -> encoding = data.octet();
                    case 'S' -> signal = true;
                    case 'L' -> data.octet();
                    default -> throw unknown(augmentation); // nobody unwinds kernels in C++
                }
            }
        } else if (!augmentation.isEmpty()) {
            throw unknown(augmentation);
        }
        return new Cie(codeUnit, dataUnit, returnRegister, augmented, signal, encoding, in);
    }

    private static DamagedException unknown(String augmentation) {
        return new DamagedException("frames of the kind \"" + augmentation + "\"");
    }

    private static int address(DebugBytes in, Cie cie, ElfSections.Section section) {
        int place = section.vaddr() + in.offset();
        int format = cie.encoding & FORMAT;
        if (format != 0 && format != UDATA4 && format != SDATA4) {
            throw new DamagedException("frame addresses of another size");
        }
        int value = in.word();
        return switch (cie.encoding & APPLICATION) {
            case 0 -> value;
            case PC_RELATIVE -> value + place;
            default -> throw new DamagedException("frame addresses relative to other things");
        };
    }

    private static CallFrame run(Cie cie, DebugBytes program, int low, int vaddr) {
        CallFrame frame = new CallFrame(cie.returnRegister, cie.signal);
        FrameProgram rules = new FrameProgram(frame, cie.codeUnit, cie.dataUnit);
        rules.run(cie.program, low, vaddr);
        rules.begin();
        rules.run(program, low, vaddr);
        return frame;
    }
}
