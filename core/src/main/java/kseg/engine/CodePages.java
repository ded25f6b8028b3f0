package kseg.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import kseg.isa.CpuModel;
import kseg.isa.Decoder;
import kseg.isa.Fields;
import kseg.isa.Insn;
import kseg.isa.Trait;
import kseg.memory.FramePool;
import kseg.memory.PageMaps;
import kseg.memory.PhysicalMemory;
import org.jspecify.annotations.Nullable;

/**
 * Frames decoded for the interpreter: one {@code long} for each word.
 *
 * <p>Bits 63..56 are the opcode, 55..48 and 47..40 the source registers a and b, 39..32 the
 * destination (the sink instead of $0), 31..0 the immediate. The opcode is the {@link Insn}'s
 * ordinal; with {@link #VARIANT} it is its little-endian form, or a branch that leaves the page.
 * Two sentinels behind the page spare the interpreter a test per instruction.
 *
 * <p>A frame that has been decoded is never in a write map, so every store to it is seen here.
 * After many of them it is taken to hold data by now, as when a guest has given the memory of one
 * program to another, and is forgotten: its next fetch decodes it again. Page addresses do not
 * enter the decoded form: all CPUs, forks and virtual aliases share it.
 */
public final class CodePages implements PhysicalMemory.CodeWatcher {
    /** Added to an opcode; see above. */
    public static final int VARIANT = 0x80;

    /**
     * Opcodes of what is no fast instruction, but may be local ({@link
     * kseg.cpu.PreciseStep#local}), with the word as immediate; of all others; and of the two
     * sentinels.
     */
    public static final int OP_LOCAL = 0x7c;

    public static final int OP_ODD = 0x7d;

    public static final int OP_PAGE_END = 0x7e;
    public static final int OP_CROSS = 0x7f;

    public static final int WORDS = FramePool.FRAME_BYTES / 4;

    /** Index of the sentinel that execution falls into at the end of a page. */
    public static final int PAGE_END = WORDS;

    /** Index that stands for a target in another page. */
    public static final int CROSS = WORDS + 3;

    private static final VarHandle BIG =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    /**
     * Words written to a frame since it was decoded that make it data. Enough of them for stores to
     * a page of code and data, each of which costs some 0.1 us, to take longer than decoding it.
     */
    private static final int WRITES_OF_DATA = 256;

    private static final int SINK = 32;
    private static final int RA = 31;

    private final FramePool pool;
    private final PageMaps maps;
    private final Decoder decoder;
    private final boolean littleEndian;
    private long[] @Nullable [] byFrame = new long[0][];

    /** Words written since a frame was decoded. */
    private int[] writes = new int[0];

    public CodePages(FramePool pool, PageMaps maps, CpuModel model, boolean littleEndian) {
        this.pool = pool;
        this.maps = maps;
        this.littleEndian = littleEndian;
        decoder = Decoder.of(model);
    }

    /** The decoded form of a frame. */
    public long[] at(int frame) {
        if (frame < byFrame.length) {
            long[] page = byFrame[frame];
            if (page != null) {
                return page;
            }
        }
        return decode(frame);
    }

    /** The decoded form of a frame if it has been asked for before. Any thread may look. */
    public long @Nullable [] known(int frame) {
        long[] @Nullable [] pages = byFrame;
        return frame < pages.length ? pages[frame] : null;
    }

    @Override
    public boolean holdsCode(int frame) {
        return frame < byFrame.length && byFrame[frame] != null;
    }

    @Override
    public void written(int frame, int offset) {
        if (++writes[frame] < WRITES_OF_DATA) {
            update(frame, offset);
        } else {
            byFrame[frame] = null;
        }
    }

    /** As {@link #written}, but the frame certainly holds code. */
    public void update(int frame, int offset) {
        long[] page = byFrame[frame];
        if (page != null) {
            page[offset >>> 2] = decode(word(frame, offset), offset >>> 2);
        }
    }

    @Override
    public void freed(int frame) {
        if (frame < byFrame.length) {
            byFrame[frame] = null;
        }
    }

    private long[] decode(int frame) {
        if (byFrame.length < pool.capacity()) {
            byFrame = Arrays.copyOf(byFrame, pool.capacity());
            writes = Arrays.copyOf(writes, pool.capacity());
        }
        writes[frame] = 0;
        long[] page = new long[CROSS + 1];
        for (int i = 0; i < WORDS; i++) {
            page[i] = decode(word(frame, 4 * i), i);
        }
        page[PAGE_END] = (long) OP_PAGE_END << 56;
        page[CROSS] = (long) OP_CROSS << 56;
        byFrame[frame] = page;
        maps.dropWritesTo(frame);
        return page;
    }

    private int word(int frame, int offset) {
        int word = (int) BIG.get(pool.bytes(), (frame << FramePool.FRAME_SHIFT) + offset);
        return littleEndian ? Integer.reverseBytes(word) : word;
    }

    private long decode(int word, int index) {
        Insn insn = decoder.decode(word);
        int op = insn.ordinal();
        int rs = Fields.rs(word);
        int rt = Fields.rt(word);
        int rd = Fields.rd(word);
        return switch (insn.shape()) {
            case R3, MUL_DIV, FROM_HILO, TO_HILO -> pack(op, rs, rt, rd, 0);
            case JUMP_REG -> pack(op, rs, 0, insn.has(Trait.LINK) ? rd : 0, 0);
            case SHIFT -> pack(op, 0, rt, rd, Fields.sa(word));
            case SHIFTV -> pack(op, rs, rt, rd, 0);
            case IMM_SIGNED -> pack(op, rs, 0, rt, Fields.simm(word));
            case IMM_ZERO, LUI -> pack(op, rs, 0, rt, Fields.zimm(word));
            case LOAD, LOAD_MERGE, STORE, STORE_MERGE ->
                    pack(memoryOp(insn), rs, rt, rt, Fields.simm(word));
            case BRANCH1, BRANCH2 -> {
                int target = index + 1 + Fields.simm(word);
                boolean leaves = (target & -WORDS) != 0;
                yield pack(leaves ? op | VARIANT : op, rs, rt, 0, target);
            }
            case JUMP -> {
                int link = insn.has(Trait.LINK) ? RA : 0;
                yield pack(op, 0, 0, link, Fields.jumpTarget(0, word));
            }
            case COP_MOVE, COP_OP, LL, SC, SYNC -> pack(OP_LOCAL, 0, 0, 0, word);
            case TRAP, CACHE, COP_BRANCH, COP_LOAD_STORE, RESERVED -> ODD;
        };
    }

    private static final long ODD = (long) OP_ODD << 56;

    private int memoryOp(Insn insn) {
        boolean variant = littleEndian && !insn.has(Trait.BYTE);
        return variant ? insn.ordinal() | VARIANT : insn.ordinal();
    }

    private static long pack(int op, int a, int b, int d, int imm) {
        int destination = d == 0 ? SINK : d;
        return (long) (op << 24 | a << 16 | b << 8 | destination) << 32 | imm & 0xffffffffL;
    }
}
