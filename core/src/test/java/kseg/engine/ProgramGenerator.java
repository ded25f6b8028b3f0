package kseg.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import kseg.cpu.Cpu;
import kseg.isa.Assembler;
import kseg.isa.CpuModel;

/** Draws a {@link RandomProgram}. Equal seeds give equal programs. */
final class ProgramGenerator {
    private static final int DATA_WORDS = 0xc00;

    /** From the body's pages in kseg0 to where kuseg shows them too. */
    private static final int TO_USER = 0x803fe000;

    private static final String[] TARGETS = {
        "$zero", "$v0", "$v1", "$t0", "$t1", "$t2", "$t3", "$t4", "$t5", "$t6", "$t7", "$ra",
    };
    private static final String[] POINTERS = {"$s0", "$s1", "$s2", "$s3", "$s4", "$s5"};
    private static final String[] R3 = {
        "add", "addu", "sub", "subu", "and", "or", "xor", "nor", "slt", "sltu", "sllv", "srlv",
        "srav",
    };
    private static final String[] IMMEDIATE = {"addi", "addiu", "slti", "sltiu"};
    private static final String[] LOGICAL = {"andi", "ori", "xori"};
    private static final String[] LOADS = {"lb", "lbu", "lh", "lhu", "lw", "lw", "lwl", "lwr"};
    private static final String[] STORES = {"sb", "sh", "sw", "sw", "swl", "swr"};
    private static final String[] PAGES = {
        "0x10000000",
        "0x10001000",
        "0x10002000",
        "0x10003000",
        "0x00400000",
        "0x00401000",
        "0xc0000000",
        "0x80002000",
    };
    private static final String[] FRAMES = {
        "0x2000", "0x3000", "0x6000", "0x7000", "0x8000", "0x08000000", "0x1fe00000",
    };

    private final Random random;
    private final boolean r3000a;
    private final int count;

    ProgramGenerator(Random random, CpuModel model) {
        this.random = random;
        r3000a = model == CpuModel.R3000A;
        count = 8 + random.nextInt(40);
    }

    RandomProgram program() {
        int start = CpuRig.BODY + (random.nextBoolean() ? 0 : 4 * (1024 - random.nextInt(80)));
        var items = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            items.add(item());
        }
        var lines = new ArrayList<CpuRig.LineChange>();
        int cycle = 100;
        while (random.nextInt(4) != 0) {
            cycle += random.nextInt(60);
            int line = random.nextBoolean() ? Cpu.LINE_LAMEBUS : Cpu.LINE_IPI;
            lines.add(new CpuRig.LineChange(cycle, line, true));
            cycle += 1 + random.nextInt(6);
            lines.add(new CpuRig.LineChange(cycle, line, false));
        }
        int[] data = random.ints(DATA_WORDS).toArray();
        int[] code = IntStream.range(0, 12).map(_ -> word()).toArray();
        for (int i = 0; i < DATA_WORDS; i += 2) {
            data[i] = code[random.nextInt(code.length)];
        }
        return new RandomProgram(start, items, setup(start), handlers(), table(), data, lines);
    }

    private String pick(String... from) {
        return from[random.nextInt(from.length)];
    }

    private String label() {
        return "L" + random.nextInt(count);
    }

    private String register() {
        return random.nextInt(12) == 0 ? pick(POINTERS) : pick(TARGETS);
    }

    private String item() {
        return switch (random.nextInt(34)) {
            case 0, 1, 2, 3, 4, 5 -> plain();
            case 6, 7, 8, 9, 10, 11, 12 -> access();
            case 13, 14, 15, 16, 17, 18, 19 -> branch() + "\n" + slot();
            case 20 -> "la $t9, %s%n %s $t9%n %s".formatted(label(), pick("jr", "jalr"), slot());
            case 21, 22 -> changeCode();
            case 23, 24 -> editTlb();
            case 25 -> linked();
            case 26 -> mode();
            case 27 -> asid();
            case 28 -> odd();
            case 29 -> "la $t9, %s+%d%n jr $t9%n %s".formatted(label(), TO_USER, slot());
            case 30 -> timer();
            case 31 ->
                    "lui $t9, 0xbfe0\n "
                            + pick("lw $t8, 0($t9)", "sw $t0, 0($t9)", "sb $t0, 0($t9)");
            case 32 -> random.nextInt(8) == 0 ? "jr %s%n %s".formatted(register(), slot()) : loop();
            default -> "mfc0 %s, $%d".formatted(register(), random.nextInt(15));
        };
    }

    private String plain() {
        return switch (random.nextInt(8)) {
            case 0, 1 -> "%s %s, %s, %s".formatted(pick(R3), register(), register(), register());
            case 2 ->
                    "%s %s, %s, %d"
                            .formatted(
                                    pick(IMMEDIATE),
                                    register(),
                                    register(),
                                    (short) random.nextInt());
            case 3 ->
                    "%s %s, %s, %d"
                            .formatted(
                                    pick(LOGICAL), register(), register(), random.nextInt(0x10000));
            case 4 ->
                    "%s %s, %s, %d"
                            .formatted(
                                    pick("sll", "srl", "sra"),
                                    register(),
                                    register(),
                                    random.nextInt(32));
            case 5 -> "lui %s, %d".formatted(register(), random.nextInt(0x10000));
            case 6 ->
                    "%s %s, %s"
                            .formatted(
                                    pick("mult", "multu", "div", "divu"), register(), register());
            default -> pick("mfhi ", "mflo ", "mthi ", "mtlo ") + register();
        };
    }

    private String access() {
        String insn = random.nextBoolean() ? pick(LOADS) : pick(STORES);
        int offset =
                random.nextInt(3) == 0 ? random.nextInt(64) - 32 : 4 * (random.nextInt(16) - 8);
        return "%s %s, %d(%s)".formatted(insn, register(), offset, pick(POINTERS));
    }

    private String branch() {
        return switch (random.nextInt(5)) {
            case 0 -> "%s %s".formatted(pick("j", "jal", "b"), label());
            case 1 ->
                    "%s %s, %s"
                            .formatted(
                                    pick("bltzal", "bgezal", "bltz", "bgez", "blez", "bgtz"),
                                    register(),
                                    label());
            default ->
                    "%s %s, %s, %s".formatted(pick("beq", "bne"), register(), register(), label());
        };
    }

    private String slot() {
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> "nop";
            case 3, 4 -> plain();
            case 5, 6 -> access();
            case 7 -> branch();
            case 8 -> odd();
            default -> pick("rfe", "tlbwr", "tlbwi", "mtc0 $zero, $10", "sw $t0, 0($s4)");
        };
    }

    private String loop() {
        return "addiu $s6, $s6, 1\n sltiu $t8, $s6, %d%n bnez $t8, %s%n %s"
                .formatted(5 + random.nextInt(60), label(), slot());
    }

    private String changeCode() {
        String segment = pick("0", "0x20000000", "0x00400000-0x80002000");
        String address = "la $t9, %s+%s%n ".formatted(label(), segment);
        if (random.nextInt(4) == 0) {
            String part = pick("sb", "sh", "swl", "swr") + " $t0, %d($t9)";
            return address + part.formatted(2 * random.nextInt(8));
        }
        return address + "li $t8, %d%n sw $t8, %d($t9)".formatted(word(), 4 * random.nextInt(6));
    }

    /** One random but sensible instruction word. */
    private int word() {
        String source =
                switch (random.nextInt(8)) {
                    case 0 -> "b . + %d".formatted(4 * (random.nextInt(12) - 4));
                    case 1 -> "bne %s, %s, .+8".formatted(register(), register());
                    case 2 -> access();
                    case 3 -> odd();
                    default -> plain();
                };
        return Assembler.assemble(source, CpuRig.BODY)[0];
    }

    private String editTlb() {
        int flags = 0x200 * random.nextInt(4) | (random.nextInt(4) == 0 ? 0x100 : 0);
        return "li $k0, %s+%d%n mtc0 $k0, $10%n li $k0, %s+%d%n mtc0 $k0, $2%n %s"
                .formatted(
                        pick(PAGES),
                        (1 + random.nextInt(2)) << 6,
                        pick(FRAMES),
                        flags,
                        switch (random.nextInt(4)) {
                            case 0 -> "tlbwr";
                            case 1 -> "tlbp\n tlbr";
                            default ->
                                    "li $k0, %d%n mtc0 $k0, $0%n tlbwi"
                                            .formatted(random.nextInt(8) << 8);
                        });
    }

    private String linked() {
        String pointer = pick(POINTERS);
        if (r3000a) {
            return "lw $t0, 0(%s)".formatted(pointer);
        }
        return "ll $t0, 0(%s)%n %s%n sc $t1, 0(%s)"
                .formatted(pointer, random.nextBoolean() ? "nop" : plain(), pointer);
    }

    private String mode() {
        int status = random.nextInt(64) | 0xff00 * random.nextInt(2);
        int isolate = r3000a && random.nextInt(3) == 0 ? 0x10000 : 0;
        return switch (random.nextInt(4)) {
            case 0 -> "li $k0, %d%n mtc0 $k0, $12".formatted(status | isolate);
            case 1 -> "li $k0, %d%n mtc0 $k0, $12".formatted(status & ~2 | isolate);
            case 2 -> "rfe";
            default ->
                    "li $k0, %d%n mtc0 $k0, $12%n la $k1, %s+%d%n jr $k1%n rfe"
                            .formatted((status | 8) & ~3, label(), TO_USER);
        };
    }

    private String asid() {
        return "li $k0, %d%n mtc0 $k0, $10".formatted((1 + random.nextInt(2)) << 6);
    }

    private String odd() {
        return pick(
                "syscall",
                "break",
                "c1 0",
                "lwc2 $2, 0($s0)",
                ".word 0xfc000000",
                "tlbp",
                "tlbr",
                r3000a ? "nop" : "sync",
                r3000a ? "nop" : "cache 0x11, 0($s1)",
                "mtc0 $t0, $4",
                "mtc0 $t0, $13",
                "mfc0 $t0, $1");
    }

    private String timer() {
        if (r3000a) {
            return "mfc0 $t0, $1";
        }
        return "li $k0, %d%n mtc0 $k0, $%d"
                .formatted(random.nextInt(90), random.nextBoolean() ? 9 : 11);
    }

    /** Fills registers and TLB; a third of the programs start in user mode. */
    private String setup(int start) {
        var text = new StringBuilder();
        for (String register : TARGETS) {
            text.append("li %s, %d%n".formatted(register, random.nextInt() >> random.nextInt(32)));
        }
        text.append("li $s0, %d%n".formatted(0x10000000 + random.nextInt(0x1000)));
        text.append(
                "li $s1, %d%n"
                        .formatted(0x10000ff0 + random.nextInt(0x30) + 0x1000 * random.nextInt(3)));
        text.append("li $s2, 0x80006040\nli $s3, 0xa0007080\n");
        text.append("li $s4, %d%n".formatted(0x80002000 + 4 * random.nextInt(80)));
        text.append("li $s5, %d%n".formatted(0xc0000000 + 4 * random.nextInt(80)));
        String[][] map = {
            {"0x00400000", "0x2600"}, {"0x00401000", "0x3600"}, {"0x10000000", "0x6600"},
            {"0x10001000", "0x7200"}, {"0x10002000", "0x6400"}, {"0xc0000000", "0x8700"},
        };
        for (int i = 0; i < map.length; i++) {
            text.append("li $k0, %s+0x40%n mtc0 $k0, $10%n".formatted(map[i][0]));
            text.append("li $k0, %s%n mtc0 $k0, $2%n".formatted(map[i][1]));
            text.append("li $k0, %d%n mtc0 $k0, $0%n tlbwi%n".formatted(i << 8));
        }
        boolean user = random.nextInt(3) == 0;
        int status = (user ? 0xff04 : 0xff01) * random.nextInt(2) | (user ? 8 : 0);
        int entry = user ? start + TO_USER : start;
        return text.append("li $k0, %d%n mtc0 $k0, $12%n".formatted(status))
                .append("la $k1, %d%n jr $k1%n %s%n".formatted(entry, user ? "rfe" : "nop"))
                .toString();
    }

    /** Refill maps the page to a data frame, or does as the general handler. */
    private List<String> handlers() {
        String refill =
                "li $k1, %s+0x600%n mtc0 $k1, $2%n tlbwr%n mfc0 $k1, $14%n nop%n jr $k1%n rfe%n"
                        .formatted(pick(FRAMES));
        String timer = r3000a ? "" : "mfc0 $at, $11\n mtc0 $at, $11\n";
        String general =
                """
                addiu $s7, $s7, 1
                mfc0 $k0, $14
                mfc0 $at, $13
                andi $at, $at, 0x7c
                bnez $at, fault
                lui $at, 0xbfe0
                sw $zero, 0($at)
                mtc0 $zero, $13
                %s
                jr $k0
                rfe
                fault: andi $at, $k0, 3
                bnez $at, away
                srl $k1, $k0, 16
                beqz $k1, away
                li $at, 0x8000
                beq $k1, $at, on
                li $at, 0x40
                bne $k1, $at, away
                on: mfc0 $at, $13
                bgez $at, back
                addiu $k0, $k0, 4
                addiu $k0, $k0, 4
                back: jr $k0
                rfe
                away: andi $k1, $s7, 15
                sll $k1, $k1, 3
                lui $at, 0x8000
                addu $k1, $k1, $at
                lw $at, 0x5004($k1)
                mtc0 $at, $12
                lw $k1, 0x5000($k1)
                jr $k1
                rfe
                """
                        .formatted(timer);
        return List.of(random.nextBoolean() ? refill : "j 0x80000080\n nop\n", general);
    }

    private String table() {
        var text = new StringBuilder();
        for (int i = 0; i < 16; i++) {
            boolean user = random.nextInt(3) == 0;
            int offset = user ? TO_USER : 0;
            int status = 0xff00 | random.nextInt(4) << 4 | random.nextInt(2) << 2 | (user ? 8 : 0);
            text.append(".word %s+%d%n.word %d%n".formatted(label(), offset, status));
        }
        return text.toString();
    }
}
