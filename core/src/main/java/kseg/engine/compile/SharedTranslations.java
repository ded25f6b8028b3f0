package kseg.engine.compile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kseg.engine.compile.RegionGraph.Block;
import kseg.isa.Insn;
import kseg.isa.Shape;
import kseg.isa.Trait;
import org.jspecify.annotations.Nullable;

/**
 * Which memory accesses of a block share one address translation: those off the same base register,
 * unmodified between them, that lie close together (a stack frame, a structure). Worth 43 % on
 * recursive code (notes/jit-spike.md).
 *
 * <p>The first access translates the lowest address of the group and leaves if the group crosses a
 * page's end; the interpreter then does them one by one. A block to which that happens often is
 * compiled again without groups.
 */
final class SharedTranslations {
    /** Most bytes a group may span. */
    private static final int MAX_SPAN = 256;

    private static final Insn[] INSNS = Insn.values();

    /**
     * A group.
     *
     * @param number distinct in the block, from 0
     * @param first index of its first access
     * @param offset of the address to translate, from the base register
     * @param span bytes from there to the end of the last access
     * @param alignment bits that must be clear in that address
     * @param stores whether a page that cannot be written will not do
     */
    record Group(int number, int first, int offset, int span, int alignment, boolean stores) {}

    private final Map<Integer, Group> byIndex = new LinkedHashMap<>();

    private SharedTranslations() {}

    /** The group the access at this index of the block belongs to; null if it stands alone. */
    @Nullable Group of(int index) {
        return byIndex.get(index);
    }

    static SharedTranslations of(Block block) {
        var result = new SharedTranslations();
        if (block.straddles) {
            return result;
        }
        var open = new LinkedHashMap<Integer, Members>();
        for (int i = 0; i < block.length(); i++) {
            long w = block.insns[i];
            if (Scout.isLocal(w)) { // may change the page maps
                open.values().forEach(result::close);
                open.clear();
                continue;
            }
            if (!Scout.isOrdinary(w)) {
                break;
            }
            if (groupable(w)) {
                int base = Decoded.a(w);
                Members members = open.get(base);
                if (members == null || !members.add(i, w)) {
                    result.close(members);
                    open.put(base, new Members(i, w));
                }
            }
            long written = RegisterUse.writes(w);
            for (int register = 1; written >>> register != 0; register++) {
                if ((written >>> register & 1) != 0) {
                    result.close(open.remove(register));
                }
            }
        }
        open.values().forEach(result::close);
        return result;
    }

    private void close(@Nullable Members members) {
        if (members != null && members.indices.size() > 1) {
            Group group = members.group((int) byIndex.values().stream().distinct().count());
            members.indices.forEach(index -> byIndex.put(index, group));
        }
    }

    private static boolean groupable(long w) {
        Shape shape = INSNS[Decoded.op(w)].shape();
        return (shape == Shape.LOAD || shape == Shape.STORE) && Decoded.a(w) != 0;
    }

    /** Accesses collected so far. All sizes divide the largest, and keep its alignment. */
    private static final class Members {
        final List<Integer> indices = new ArrayList<>();
        private int lowest;
        private int end;
        private int size;

        /** An offset at which an access of the largest size lies. */
        private int anchor;

        private boolean stores;

        Members(int index, long w) {
            indices.add(index);
            lowest = Decoded.immediate(w);
            size = size(w);
            end = lowest + size;
            anchor = lowest;
            stores = INSNS[Decoded.op(w)].has(Trait.STORES);
        }

        /** Adds an access if it fits; says whether it does. */
        boolean add(int index, long w) {
            int offset = Decoded.immediate(w);
            int accessSize = size(w);
            int newLowest = Math.min(lowest, offset);
            int newEnd = Math.max(end, offset + accessSize);
            boolean aligned = (offset - anchor & Math.min(size, accessSize) - 1) == 0;
            if (newEnd - newLowest > MAX_SPAN || !aligned) {
                return false;
            }
            indices.add(index);
            lowest = newLowest;
            end = newEnd;
            if (accessSize > size) {
                size = accessSize;
                anchor = offset;
            }
            stores |= INSNS[Decoded.op(w)].has(Trait.STORES);
            return true;
        }

        Group group(int number) {
            int offset = lowest - (lowest - anchor & size - 1);
            return new Group(number, indices.getFirst(), offset, end - offset, size - 1, stores);
        }

        private static int size(long w) {
            return MemoryAccesses.alignment(INSNS[Decoded.op(w)]) + 1;
        }
    }
}
