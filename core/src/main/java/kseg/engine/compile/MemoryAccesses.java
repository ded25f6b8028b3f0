package kseg.engine.compile;

import static java.lang.constant.ConstantDescs.CD_int;
import static kseg.engine.compile.RegionCode.CD_INTS;
import static kseg.engine.compile.RegionCode.CD_JUMPS;
import static kseg.engine.compile.RegionCode.CD_REGION;
import static kseg.engine.compile.RegionCode.L_CHASED;
import static kseg.engine.compile.RegionCode.L_HOISTED;
import static kseg.engine.compile.RegionCode.L_POOL_ADDRESS;
import static kseg.engine.compile.RegionCode.L_SHARED;
import static kseg.engine.compile.RegionCode.L_VADDR;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import kseg.engine.compile.RegionGraph.Block;
import kseg.isa.Insn;
import kseg.isa.Trait;
import org.jspecify.annotations.Nullable;

/**
 * Translates a region's loads and stores: an address by the page map, one test for what is absent,
 * outside or misaligned, an access to the pool.
 */
final class MemoryAccesses {
    private static final ClassDesc CD_MEMORY = ConstantDescs.CD_byte.arrayType();
    private static final MethodTypeDesc MOVED = MethodTypeDesc.of(CD_int, CD_REGION, CD_int);

    private final RegionCode region;
    private final CodeBuilder code;
    private final RegionExits exits;
    private SharedTranslations shared;
    private final @Nullable HoistedLoop loop;
    private final @Nullable PoolPointers pointers;

    /** For a region. */
    MemoryAccesses(RegionCode region, RegionExits exits) {
        this(region, exits, null, null);
    }

    /** For a loop's second copy, where windows are known. */
    MemoryAccesses(
            RegionCode region,
            RegionExits exits,
            @Nullable HoistedLoop loop,
            @Nullable PoolPointers pointers) {
        this.region = region;
        this.loop = loop;
        this.pointers = pointers;
        code = region.code;
        this.exits = exits;
        shared = SharedTranslations.of(region.block);
    }

    void beginBlock(Block block) {
        shared = SharedTranslations.of(block);
    }

    void load(Insn insn, long w) {
        String order = Decoded.variant(w) ? "Little" : "Big";
        address(insn, w, "READ");
        region.set(
                Decoded.d(w),
                () -> {
                    if (insn.shape().dependsOnByteOrder()) {
                        merge(insn, w, order);
                    } else {
                        region.semantics(
                                insn,
                                () ->
                                        region.bytes(
                                                unit(insn, order),
                                                this::pushMemory,
                                                this::pushPoolAddress));
                    }
                });
    }

    void store(Insn insn, long w) {
        String order = Decoded.variant(w) ? "Little" : "Big";
        address(insn, w, "WRITE");
        if (insn.shape().dependsOnByteOrder()) {
            region.bytes(
                    "putWord" + order,
                    this::pushMemory,
                    this::pushAlignedAddress,
                    () -> merge(insn, w, order));
        } else {
            String unit = unit(insn, order);
            region.bytes(
                    "put" + Character.toUpperCase(unit.charAt(0)) + unit.substring(1),
                    this::pushMemory,
                    this::pushPoolAddress,
                    () -> region.pushRegister(Decoded.b(w)));
        }
    }

    /** Computes what a register and the aligned word at the address are together. */
    private void merge(Insn insn, long w, String order) {
        region.semantics(
                insn.mnemonic() + order,
                () -> region.pushRegister(Decoded.b(w)),
                () -> region.bytes("word" + order, this::pushMemory, this::pushAlignedAddress),
                () -> code.iload(L_VADDR));
    }

    /** Computes virtual and pool address; leaves if the page is absent or the alignment wrong. */
    private void address(Insn insn, long w, String map) {
        SharedTranslations.Group group = shared.of(region.index);
        if (group == null) {
            pushAddress(Decoded.a(w), Decoded.immediate(w));
            int offset = Decoded.immediate(w);
            translate(Decoded.a(w), offset, alignment(insn), map, L_POOL_ADDRESS);
            return;
        }
        int local = L_SHARED + group.number();
        if (group.first() == region.index) {
            pushAddress(Decoded.a(w), group.offset());
            String needed = group.stores() ? "WRITE" : "READ";
            translate(Decoded.a(w), group.offset(), group.alignment(), needed, local);
            if (window() < 0) {
                code.iload(L_VADDR).loadConstant(0xfff).iand();
                code.loadConstant(0x1000 - group.span()).if_icmpgt(exits.straddling());
            }
        }
        code.iload(local).loadConstant(Decoded.immediate(w) - group.offset()).iadd();
        code.istore(L_POOL_ADDRESS);
    }

    private void pushAddress(int base, int offset) {
        region.pushRegister(base);
        code.loadConstant(offset).iadd().istore(L_VADDR);
    }

    /** Where the access being translated is known to lie; less than 0 if it is not. */
    private int window() {
        return loop == null ? -1 : loop.window(region.block, region.index);
    }

    /**
     * Leaves the pool address in a local variable: masked once more, alignment and all, so that
     * HotSpot sees that an access there, or within the pool's spare bytes behind, is in range.
     */
    private void translate(int base, int offset, int alignment, String map, int local) {
        int window = window();
        if (window >= 0 && pointers != null && pointers.push(window, offset)) {
            code.istore(local);
            return;
        }
        if (window >= 0) {
            code.iload(L_HOISTED + window).iload(L_VADDR).iadd();
        } else {
            region.linked(map, CD_INTS);
            code.iload(L_VADDR).loadConstant(12).iushr().iaload();
            if (loop != null && loop.isChased(base)) {
                guess(base);
            }
            code.iload(L_VADDR).iadd().dup().istore(local);
            pushOutside(alignment);
            code.iand().ifne(exits.here());
            code.iload(local);
        }
        region.linked("INSIDE", CD_int);
        code.loadConstant(~alignment).iand().iand().istore(local);
    }

    /**
     * Of a pointer that comes from memory, takes the translation of its last value for that of this
     * one: the processor guesses that they are equal, and need not wait for the page map. Another
     * comes on a way that HotSpot does not see through, or it would take the map's at once.
     */
    private void guess(int base) {
        int last = L_CHASED + base;
        Label known = code.newLabel();
        code.dup().istore(L_POOL_ADDRESS).iload(last).if_icmpeq(known);
        region.linked("JUMPS", CD_JUMPS);
        code.aload(0).iload(L_POOL_ADDRESS).invokevirtual(CD_JUMPS, "moved", MOVED).istore(last);
        code.labelBinding(known).iload(last);
    }

    private void pushOutside(int alignment) {
        region.linked("OUTSIDE", CD_int);
        if (alignment != 0) {
            code.loadConstant(alignment).ior();
        }
    }

    static int alignment(Insn insn) {
        if (insn.has(Trait.BYTE) || insn.shape().dependsOnByteOrder()) {
            return 0;
        }
        return insn.has(Trait.HALF) ? 1 : 3;
    }

    private static String unit(Insn insn, String order) {
        if (insn.has(Trait.BYTE)) {
            return "byteAt";
        }
        return (insn.has(Trait.HALF) ? "half" : "word") + order;
    }

    private void pushMemory() {
        region.linked("MEMORY", CD_MEMORY);
    }

    private void pushPoolAddress() {
        code.iload(L_POOL_ADDRESS);
    }

    private void pushAlignedAddress() {
        code.iload(L_POOL_ADDRESS).loadConstant(~3).iand();
    }
}
