package kseg.oracle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import kseg.isa.Fields;
import kseg.isa.Insn;
import kseg.isa.Shape;
import kseg.isa.Trait;

/**
 * Makes random trials of the user-mode instructions of MIPS I. What the manual leaves undefined is
 * avoided: division by zero, a branch in a delay slot, a link in the source register.
 */
final class TrialGenerator {
    private static final int[] INTERESTING = {
        0,
        1,
        2,
        -1,
        -2,
        0x7fff,
        0x8000,
        0xffff,
        -0x8000,
        0x7fff_ffff,
        0x8000_0000,
        0x8000_0001,
        31,
        32
    };
    private static final int SCRATCH_BYTES = 4 * Trial.SCRATCH_WORDS;

    private final Random random;
    private final boolean exceptions;

    /**
     * Makes a generator.
     *
     * @param exceptions whether trials may end with an exception; without, none does
     */
    TrialGenerator(long seed, boolean exceptions) {
        this.random = new Random(seed);
        this.exceptions = exceptions;
    }

    Trial next(int slot) {
        int[] gpr = IntStream.range(0, 32).map(_ -> value()).toArray();
        gpr[0] = 0;
        gpr[Trial.K0] = Trial.RECORDS + slot * Trial.RECORD_STRIDE;
        int[] scratch = IntStream.range(0, Trial.SCRATCH_WORDS).map(_ -> value()).toArray();
        List<Item> items = new ArrayList<>();
        int size = 0;
        for (Item item = item(); size + item.size() <= Trial.MAX_WORDS; item = item()) {
            items.add(item);
            size += item.size();
        }
        List<Integer> targets = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            targets.add(i + 1 + random.nextInt(Math.min(4, items.size() - i)));
        }
        return new Trial(slot, gpr, value(), value(), scratch, items, targets);
    }

    private int value() {
        return switch (random.nextInt(4)) {
            case 0 -> INTERESTING[random.nextInt(INTERESTING.length)];
            case 1 -> random.nextInt(-64, 64);
            case 2 -> 1 << random.nextInt(32);
            default -> random.nextInt();
        };
    }

    /** A register that may be read. */
    private int source() {
        return random.nextInt(8) == 0 ? 0 : register();
    }

    /** A register that may be written: not $k0; $zero now and then, to see that it stays zero. */
    private int register() {
        int register = random.nextInt(16) == 0 ? 0 : 1 + random.nextInt(31);
        return register == Trial.K0 ? 2 : register;
    }

    private Insn pick(Shape... shapes) {
        var shape = shapes[random.nextInt(shapes.length)];
        Insn[] insns =
                Arrays.stream(Insn.values())
                        .filter(insn -> insn.shape() == shape)
                        .filter(insn -> exceptions || !insn.has(Trait.MAY_OVERFLOW))
                        .toArray(Insn[]::new);
        return insns[random.nextInt(insns.length)];
    }

    private Item item() {
        if (exceptions && random.nextInt(24) == 0) {
            return new Item.Plain(List.of(trap()));
        }
        return switch (random.nextInt(16)) {
            case 0, 1 -> branch();
            case 2 -> jump();
            case 3 -> registerJump();
            case 4 -> loop();
            case 5 -> random.nextInt(4) == 0 ? atomic() : divide();
            case 6, 7, 8, 9 -> access();
            default -> new Item.Plain(List.of(simple()));
        };
    }

    /** One word without memory access or transfer of control. */
    private int simple() {
        Insn insn =
                pick(
                        Shape.R3,
                        Shape.R3,
                        Shape.SHIFT,
                        Shape.SHIFTV,
                        Shape.IMM_SIGNED,
                        Shape.IMM_ZERO,
                        Shape.LUI,
                        Shape.FROM_HILO,
                        Shape.TO_HILO,
                        Shape.MUL_DIV);
        return switch (insn.shape()) {
            case R3, SHIFTV -> word(insn, source(), source(), register(), 0);
            case SHIFT -> word(insn, 0, source(), register(), random.nextInt(32));
            case LUI -> word(insn, 0, register(), 0, 0) | value() & 0xffff;
            case FROM_HILO -> word(insn, 0, 0, register(), 0);
            case TO_HILO -> word(insn, source(), 0, 0, 0);
            case MUL_DIV -> // the divisions are elsewhere, with a divisor that is not zero
                    word(random.nextBoolean() ? Insn.MULT : Insn.MULTU, source(), source(), 0, 0);
            default -> word(insn, source(), register(), 0, 0) | value() & 0xffff;
        };
    }

    private static int word(Insn insn, int rs, int rt, int rd, int sa) {
        return insn.match() | rs << 21 | rt << 16 | rd << 11 | sa << 6;
    }

    private Item divide() {
        int divisor = Math.max(1, register());
        int notZero = word(Insn.ORI, divisor, divisor, 0, 0) | 1;
        Insn insn = random.nextBoolean() ? Insn.DIV : Insn.DIVU;
        return new Item.Plain(List.of(notZero, word(insn, source(), divisor, 0, 0)));
    }

    /** LL and SC of one word; what happens between other pairs differs between processors. */
    private Item atomic() {
        int offset = Trial.SCRATCH_OFFSET + 4 * random.nextInt(Trial.SCRATCH_WORDS);
        int rt = Math.max(1, register());
        return new Item.Plain(
                List.of(
                        word(Insn.LL, Trial.K0, rt, 0, 0) | offset,
                        word(Insn.XORI, rt, rt, 0, 0) | value() & 0xffff,
                        word(Insn.SC, Trial.K0, rt, 0, 0) | offset,
                        Insn.SYNC.match()));
    }

    /** An access to scratch memory, off $k0 or another register; the latter may be its target. */
    private Item access() {
        if (random.nextInt(3) == 0) {
            return new Item.Plain(List.of(accessOffRecord()));
        }
        int access = accessOffRecord();
        int base = Math.max(1, register());
        int displacement = random.nextInt(-0x4000, 0x4000);
        int add = word(Insn.ADDIU, Trial.K0, base, 0, 0) | displacement & 0xffff;
        int offset = Fields.simm(access) - displacement;
        int moved = access & ~(31 << 21 | 0xffff) | base << 21 | offset & 0xffff;
        return new Item.Plain(List.of(add, moved));
    }

    private int accessOffRecord() {
        Insn insn = pick(Shape.LOAD, Shape.LOAD_MERGE, Shape.STORE, Shape.STORE_MERGE);
        boolean anywhere =
                insn.shape().dependsOnByteOrder() || exceptions && random.nextInt(8) == 0;
        int bytes = insn.has(Trait.BYTE) || anywhere ? 1 : insn.has(Trait.HALF) ? 2 : 4;
        int offset = Trial.SCRATCH_OFFSET + random.nextInt(SCRATCH_BYTES / bytes) * bytes;
        int rt = insn.has(Trait.LOADS) ? register() : source();
        return word(insn, Trial.K0, rt, 0, 0) | offset;
    }

    /** One word for a delay slot. */
    private int delaySlot() {
        if (exceptions && random.nextInt(12) == 0) {
            return trap();
        }
        return random.nextInt(3) == 0 ? accessOffRecord() : simple();
    }

    private Item branch() {
        Insn insn = pick(Shape.BRANCH2, Shape.BRANCH1);
        int rs = source();
        if (insn.has(Trait.LINK) && rs == 31) {
            rs = 30;
        }
        int rt = random.nextInt(4) == 0 ? rs : source(); // so that BEQ is taken, too
        if (exceptions && isNeverTaken(insn, rs, rt)) {
            return item();
        }
        int word = insn.match() | rs << 21 | (insn.shape() == Shape.BRANCH2 ? rt << 16 : 0);
        return new Item.Branch(word, delaySlot());
    }

    /**
     * Branches that qemu-mips 7.2 takes for no-operations, so that it gets EPC wrong when there is
     * an exception in the delay slot.
     */
    private static boolean isNeverTaken(Insn insn, int rs, int rt) {
        return switch (insn) {
            case BNE -> rs == rt;
            case BLTZ, BGTZ -> rs == 0;
            default -> false;
        };
    }

    private Item jump() {
        return new Item.Jump(pick(Shape.JUMP).match(), delaySlot());
    }

    private Item registerJump() {
        Insn insn = pick(Shape.JUMP_REG);
        int rs = Math.max(1, register());
        int link = insn.has(Trait.LINK) ? register() : 0;
        if (link == rs) {
            link = 0;
        }
        return new Item.RegisterJump(
                word(Insn.LUI, 0, rs, 0, 0),
                word(Insn.ORI, rs, rs, 0, 0),
                word(insn, rs, 0, link, 0),
                delaySlot());
    }

    /** Something that depends on its own result, a few times over, with the count in $v1. */
    private Item loop() {
        int counter = 3;
        int turns = 1 + random.nextInt(5);
        List<Integer> body = new ArrayList<>();
        body.add(word(Insn.ADDIU, 0, counter, 0, 0) | turns);
        for (int i = 0; i < 2; i++) {
            int rt = 4 + random.nextInt(8);
            body.add(
                    random.nextBoolean()
                            ? word(pick(Shape.R3), source(), rt, rt, 0)
                            : word(pick(Shape.IMM_SIGNED), rt, rt, 0, 0) | value() & 0xffff);
        }
        body.add(word(Insn.ADDIU, counter, counter, 0, 0) | 0xffff);
        body.add(word(Insn.BNE, counter, 0, 0, 0) | -4 & 0xffff);
        body.add(word(Insn.XOR, 4, counter, 4, 0));
        return new Item.Plain(body);
    }

    /** One word that raises an exception in user mode, on this machine and on a later one. */
    private int trap() {
        int kernelAddress = word(Insn.LW, 0, register(), 0, 0) | 0x8000; // 0xffff8000
        return switch (random.nextInt(6)) {
            case 0 -> Insn.BREAK.match() | random.nextInt(5) << 16;
            case 1 -> word(Insn.LW, 0, register(), 0, 0) | random.nextInt(0x800) * 4;
            case 2 -> word(Insn.SW, 0, source(), 0, 0) | random.nextInt(0x800) * 4;
            case 3 -> kernelAddress;
            case 4 -> Insn.MTC0.match() | source() << 16 | 12 << 11;
            default -> 0x0000_003f; // SPECIAL 63 is reserved in 32-bit processors
        };
    }
}
