package kseg.isa;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Maps instruction words to instructions, for one processor model.
 *
 * <p>The table is built from the patterns: one bucket for each combination of the primary opcode
 * and the low six bits. A bucket lists the rows that its words can match, the most specific first,
 * ending with {@link Insn#RESERVED}; only coprocessor 0 and the REGIMM branches need more than one
 * test to leave it.
 */
public final class Decoder {
    private static final int OPCODES = 64;
    private static final int OPCODE_SHIFT = 26;
    private static final int OPCODE_BITS = 0xfc00_0000;
    private static final int LOW_BITS = 0x3f;

    private final Insn[][] buckets = new Insn[OPCODES * OPCODES][];

    private Decoder(Predicate<Insn> exists) {
        var bySpecificity = new ArrayList<Insn>();
        for (Insn insn : Insn.values()) {
            if (exists.test(insn)) {
                bySpecificity.add(insn);
            }
        }
        bySpecificity.sort(Comparator.comparingInt((Insn insn) -> -Integer.bitCount(insn.mask())));
        for (int opcode = 0; opcode < OPCODES; opcode++) {
            int word = opcode << OPCODE_SHIFT;
            List<Insn> rows = matching(bySpecificity, word, OPCODE_BITS);
            for (int low = 0; low <= LOW_BITS; low++) {
                List<Insn> bucket = matching(rows, word | low, OPCODE_BITS | LOW_BITS);
                buckets[opcode * OPCODES + low] = bucket.toArray(new Insn[0]);
            }
        }
    }

    private static List<Insn> matching(List<Insn> rows, int word, int knownBits) {
        var matching = new ArrayList<Insn>();
        for (Insn insn : rows) {
            if (insn.matches(word, knownBits)) {
                matching.add(insn);
            }
        }
        return matching;
    }

    /** The decoder of a processor model; immutable and shared. */
    public static Decoder of(CpuModel model) {
        return switch (model) {
            case MIPS161 -> OfMips161.DECODER;
            case R3000A -> OfR3000A.DECODER;
        };
    }

    /** The decoder that knows the instructions of all models, for tools. */
    static Decoder ofEverything() {
        return OfEverything.DECODER;
    }

    // Each is built when it is first asked for: a start needs but one.
    private static final class OfMips161 {
        static final Decoder DECODER = new Decoder(CpuModel.MIPS161::has);
    }

    private static final class OfEverything {
        static final Decoder DECODER = new Decoder(_ -> true);
    }

    private static final class OfR3000A {
        static final Decoder DECODER = new Decoder(CpuModel.R3000A::has);
    }

    /** The instruction that a word encodes; {@link Insn#RESERVED} if it encodes none. */
    public Insn decode(int word) {
        for (Insn insn : buckets[word >>> OPCODE_SHIFT << 6 | word & LOW_BITS]) {
            if ((word & insn.mask()) == insn.match()) {
                return insn;
            }
        }
        throw new AssertionError("RESERVED matches every word");
    }
}
