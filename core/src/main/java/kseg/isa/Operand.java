package kseg.isa;

import java.util.function.ToIntFunction;

/**
 * One operand of an instruction in assembly language: which bits it fills, and how it is written.
 */
sealed interface Operand {
    /** The bits of the instruction word that the operand fills. */
    int mask();

    /** The operand of a word at vaddr {@code pc}, as text. */
    String format(int word, int pc);

    /**
     * The bits for an operand given as text.
     *
     * @param value evaluates an expression
     * @throws IllegalArgumentException saying what is wrong
     */
    int encode(String text, int pc, ToIntFunction<String> value);

    /** A general register. */
    record Gpr(int shift) implements Operand {
        @Override
        public int mask() {
            return 31 << shift;
        }

        @Override
        public String format(int word, int pc) {
            return Registers.name(word >>> shift & 31);
        }

        @Override
        public int encode(String text, int pc, ToIntFunction<String> value) {
            return Registers.parse(text) << shift;
        }
    }

    /** A coprocessor's register: $0..$31, or $f0..$f31 for floating point. */
    record CopRegister(String prefix, int shift) implements Operand {
        @Override
        public int mask() {
            return 31 << shift;
        }

        @Override
        public String format(int word, int pc) {
            return prefix + (word >>> shift & 31);
        }

        @Override
        public int encode(String text, int pc, ToIntFunction<String> value) {
            return Registers.parseNumbered(text, prefix) << shift;
        }
    }

    /** The literal $zero that distinguishes DIV and DIVU from the assemblers' checked macros. */
    record Zero() implements Operand {
        @Override
        public int mask() {
            return 0;
        }

        @Override
        public String format(int word, int pc) {
            return Registers.name(0);
        }

        @Override
        public int encode(String text, int pc, ToIntFunction<String> value) {
            if (Registers.parse(text) != 0) {
                throw new IllegalArgumentException(
                        "the three-operand macro is not supported; the first register must be $zero");
            }
            return 0;
        }
    }

    /** An unsigned field. */
    record Unsigned(int shift, int bits, boolean hex) implements Operand {
        @Override
        public int mask() {
            return (1 << bits) - 1 << shift;
        }

        @Override
        public String format(int word, int pc) {
            int field = (word & mask()) >>> shift;
            return hex ? "0x" + Integer.toHexString(field) : Integer.toString(field);
        }

        @Override
        public int encode(String text, int pc, ToIntFunction<String> value) {
            int field = value.applyAsInt(text);
            if (field >>> bits != 0) {
                throw new IllegalArgumentException(
                        "%s is not in 0..%d".formatted(text, (1 << bits) - 1));
            }
            return field << shift;
        }
    }

    /** A sign-extended 16-bit immediate. */
    record Signed() implements Operand {
        @Override
        public int mask() {
            return 0xffff;
        }

        @Override
        public String format(int word, int pc) {
            return Integer.toString(Fields.simm(word));
        }

        @Override
        public int encode(String text, int pc, ToIntFunction<String> value) {
            int field = value.applyAsInt(text);
            if (field != (short) field) {
                throw new IllegalArgumentException(text + " is not in -32768..32767");
            }
            return field & 0xffff;
        }
    }

    /** A memory operand: offset(base). */
    record Address() implements Operand {
        private static final Gpr BASE = new Gpr(21);
        private static final Signed OFFSET = new Signed();

        @Override
        public int mask() {
            return BASE.mask() | OFFSET.mask();
        }

        @Override
        public String format(int word, int pc) {
            return OFFSET.format(word, pc) + "(" + BASE.format(word, pc) + ")";
        }

        @Override
        public int encode(String text, int pc, ToIntFunction<String> value) {
            int open = text.lastIndexOf('(');
            if (open < 0 || !text.endsWith(")")) {
                throw new IllegalArgumentException("not of the form offset(base): " + text);
            }
            String offset = text.substring(0, open).strip();
            String base = text.substring(open + 1, text.length() - 1).strip();
            return BASE.encode(base, pc, value)
                    | OFFSET.encode(offset.isEmpty() ? "0" : offset, pc, value);
        }
    }

    /** The target of a branch. */
    record BranchTarget() implements Operand {
        @Override
        public int mask() {
            return 0xffff;
        }

        @Override
        public String format(int word, int pc) {
            return "0x" + Integer.toHexString(Fields.branchTarget(pc, word));
        }

        @Override
        public int encode(String text, int pc, ToIntFunction<String> value) {
            int distance = value.applyAsInt(text) - (pc + 4);
            if ((distance & 3) != 0 || distance >> 2 != (short) (distance >> 2)) {
                throw new IllegalArgumentException("not aligned or out of reach: " + text);
            }
            return distance >> 2 & 0xffff;
        }
    }

    /** The target of a jump. */
    record JumpTarget() implements Operand {
        @Override
        public int mask() {
            return 0x03ff_ffff;
        }

        @Override
        public String format(int word, int pc) {
            return "0x" + Integer.toHexString(Fields.jumpTarget(pc, word));
        }

        @Override
        public int encode(String text, int pc, ToIntFunction<String> value) {
            int target = value.applyAsInt(text);
            int field = target >>> 2 & mask();
            if (Fields.jumpTarget(pc, field) != target) {
                throw new IllegalArgumentException("not aligned or out of reach: " + text);
            }
            return field;
        }
    }
}
