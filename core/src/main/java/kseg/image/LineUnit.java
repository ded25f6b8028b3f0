package kseg.image;

import java.util.Optional;

/**
 * The line number program of one compilation unit: its header, and how to run it. DWARF 2 to 5,
 * section 6.2. Column, statement and block flags are read over.
 */
final class LineUnit {
    private static final int OLDEST = 2;
    private static final int NEWEST = 5;

    // Standard opcodes.
    private static final int COPY = 1;
    private static final int ADVANCE_PC = 2;
    private static final int ADVANCE_LINE = 3;
    private static final int SET_FILE = 4;
    private static final int CONST_ADD_PC = 8;
    private static final int FIXED_ADVANCE_PC = 9;

    // Extended opcodes.
    private static final int END_SEQUENCE = 1;
    private static final int SET_ADDRESS = 2;

    /** Sees the rows of the table as they are made; they are not kept. */
    interface Rows {
        /**
         * A row.
         *
         * @param behind offset in the section behind the instruction that made it
         * @return whether to go on
         */
        boolean row(int address, long file, long line, boolean last, int behind);
    }

    private final DebugBytes program;
    private final LineFiles files;
    private final int minimumBytes;
    private final int lineBase;
    private final int lineRange;
    private final int[] operands;

    private LineUnit(
            DebugBytes program,
            LineFiles files,
            int minimumBytes,
            int lineBase,
            int lineRange,
            int[] operands) {
        this.program = program;
        this.files = files;
        this.minimumBytes = minimumBytes;
        this.lineBase = lineBase;
        this.lineRange = lineRange;
        this.operands = operands;
    }

    /**
     * Reads a header; its files are looked at only when one is asked for.
     *
     * @throws DamagedException if it makes no sense
     */
    static LineUnit of(DebugBytes.Unit unit, LineFiles.Strings strings) {
        DebugBytes in = unit.bytes();
        int version = in.half();
        if (version < OLDEST || version > NEWEST) {
            throw new DamagedException("line table of version " + version);
        }
        if (version >= NEWEST) {
            in.skip(2); // size of addresses and of segment selectors
        }
        DebugBytes rest = in.take(in.fixed(unit.offsetBytes()));
        int minimumBytes = rest.octet();
        if (version >= 4 && rest.octet() != 1) {
            throw new DamagedException("a line table for instructions in bundles");
        }
        rest.skip(1); // whether rows are statements
        int lineBase = rest.signedOctet();
        int lineRange = rest.octet();
        int[] operands = new int[Math.max(1, rest.octet())];
        for (int i = 1; i < operands.length; i++) {
            operands[i] = rest.octet();
        }
        LineFiles files = new LineFiles(rest, version, unit.offsetBytes(), strings);
        return new LineUnit(in, files, minimumBytes, lineBase, lineRange, operands);
    }

    /** Where its program starts in the section. */
    int start() {
        return program.offset();
    }

    Optional<SourceLine> source(long file, long line) {
        return line <= 0 || line > Integer.MAX_VALUE
                ? Optional.empty()
                : files.source(file, (int) line);
    }

    /**
     * Runs the program.
     *
     * @param from offset in the section of the start, or of what follows the end of a sequence
     */
    void run(int from, Rows rows) {
        DebugBytes in = program.from(from);
        Registers now = new Registers();
        boolean goOn = true;
        while (goOn && !in.atEnd()) {
            int opcode = in.octet();
            if (opcode >= operands.length) {
                if (lineRange == 0) {
                    throw new DamagedException("a line range of 0");
                }
                int adjusted = opcode - operands.length;
                now.advance(adjusted / lineRange);
                now.line += lineBase + adjusted % lineRange;
                goOn = now.emit(rows, false, in);
            } else if (opcode == 0) {
                goOn = extended(in, now, rows);
            } else {
                goOn = standard(opcode, in, now, rows);
            }
        }
    }

    private boolean standard(int opcode, DebugBytes in, Registers now, Rows rows) {
        switch (opcode) {
            case COPY -> {
                return now.emit(rows, false, in);
            }
            case ADVANCE_PC -> now.advance(in.unsigned());
            case ADVANCE_LINE -> now.line += in.signed();
            case SET_FILE -> now.file = in.unsigned();
            case CONST_ADD_PC -> {
                if (lineRange == 0) {
                    throw new DamagedException("a line range of 0");
                }
                now.advance((255 - operands.length) / lineRange);
            }
            case FIXED_ADVANCE_PC -> now.address += in.half();
            default -> { // flags, columns, and what newer versions may add
                for (int i = 0; i < operands[opcode]; i++) {
                    in.unsigned();
                }
            }
        }
        return true;
    }

    private boolean extended(DebugBytes in, Registers now, Rows rows) {
        long length = in.unsigned();
        if (length == 0) {
            return true;
        }
        DebugBytes body = in.take(length);
        switch (body.octet()) {
            case END_SEQUENCE -> {
                boolean goOn = now.emit(rows, true, in);
                now.reset();
                return goOn;
            }
            case SET_ADDRESS -> now.address = body.address(length - 1);
            default -> {} // discriminators, and what others have added
        }
        return true;
    }

    /** The state machine's registers, as far as they matter here. */
    private final class Registers {
        private int address;
        private long file;
        private long line;

        Registers() {
            reset();
        }

        void reset() {
            address = 0;
            file = 1;
            line = 1;
        }

        void advance(long operations) {
            address += (int) operations * minimumBytes;
        }

        boolean emit(Rows rows, boolean last, DebugBytes in) {
            return rows.row(address, file, line, last, in.offset());
        }
    }
}
