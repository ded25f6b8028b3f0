package kseg.isa;

import java.util.ArrayList;
import java.util.Comparator;
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
    private static final int BUCKETS = 1 << 12;
    private static final int BUCKET_BITS = 0xfc00_003f;
    private static final Decoder MIPS161 = new Decoder(CpuModel.MIPS161::has);
    private static final Decoder R3000A = new Decoder(CpuModel.R3000A::has);
    private static final Decoder EVERYTHING = new Decoder(_ -> true);

    private final Insn[][] buckets = new Insn[BUCKETS][];

    private Decoder(Predicate<Insn> exists) {
        var bySpecificity = new ArrayList<Insn>();
        for (Insn insn : Insn.values()) {
            if (exists.test(insn)) {
                bySpecificity.add(insn);
            }
        }
        bySpecificity.sort(Comparator.comparingInt((Insn insn) -> -Integer.bitCount(insn.mask())));
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            int word = bucket >>> 6 << 26 | bucket & 0x3f;
            buckets[bucket] =
                    bySpecificity.stream()
                            .filter(insn -> insn.matches(word, BUCKET_BITS))
                            .toArray(Insn[]::new);
        }
    }

    /** The decoder of a processor model; immutable and shared. */
    public static Decoder of(CpuModel model) {
        return switch (model) {
            case MIPS161 -> MIPS161;
            case R3000A -> R3000A;
        };
    }

    /** The decoder that knows the instructions of all models, for tools. */
    static Decoder ofEverything() {
        return EVERYTHING;
    }

    /** The instruction that a word encodes; {@link Insn#RESERVED} if it encodes none. */
    public Insn decode(int word) {
        for (Insn insn : buckets[word >>> 26 << 6 | word & 0x3f]) {
            if ((word & insn.mask()) == insn.match()) {
                return insn;
            }
        }
        throw new AssertionError("RESERVED matches every word");
    }
}
