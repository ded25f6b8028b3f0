package kseg.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import kseg.isa.CpuModel;
import kseg.machine.EngineKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Loops whose addresses stand still or move steadily, which the compiler may translate once for
 * many rounds: through pages that lie behind each other in memory or not, may be written or not, or
 * are absent; stopped anywhere. Compared with the interpreter.
 */
class SteadyLoopTest {
    private static final int STEPS = 1500;
    private static final int V = EngineSuite.V;
    private static final int D = EngineSuite.D;

    /** Virtual pages from {@link EngineSuite#DATA} on; the fifth is absent. */
    private static final String PAGES =
            EngineSuite.tlb(50, EngineSuite.DATA, 0x4000 | V | D)
                    + EngineSuite.tlb(51, EngineSuite.DATA + 0x1000, 0x5000 | V | D)
                    + EngineSuite.tlb(52, EngineSuite.DATA + 0x2000, 0x7000 | V | D)
                    + EngineSuite.tlb(53, EngineSuite.DATA + 0x3000, 0x8000 | V);

    private static final CpuRig REFERENCE =
            new CpuRig(EngineKind.INTERPRETER, CpuModel.MIPS161, false);
    private static final CpuRig JIT = new CpuRig(EngineKind.JIT, CpuModel.MIPS161, false);

    /** Runs a body in user mode on both engines; in slices of several lengths on the compiler. */
    private static void compare(String setup, String body) {
        List<String> states = new ArrayList<>();
        for (CpuRig rig : List.of(REFERENCE, JIT)) {
            rig.clear();
            for (int page = 0x4000; page < 0x9000; page += 0x1000) {
                int[] words = new int[0x400];
                for (int i = 0; i < words.length; i++) {
                    words[i] = (page + 4 * i) * 0x01030705;
                }
                rig.place(page, words);
            }
            for (int vector : new int[] {EngineSuite.REFILL, EngineSuite.GENERAL}) {
                rig.place(vector, "b .\n nop");
            }
            rig.place(CpuRig.BODY & 0x1fffffff, EngineSuite.USER_BODY, body + "\n b .\n nop");
            String map = EngineSuite.tlb(60, EngineSuite.USER_BODY, 0x2000 | V | D);
            String go =
                    "\n li $k0, 8\n mtc0 $k0, $12\n la $k1, "
                            + EngineSuite.USER_BODY
                            + "\n jr $k1\n rfe";
            rig.place(CpuRig.CODE, "mtc0 $zero, $12\n" + map + PAGES + setup + go);
        }
        run(REFERENCE, 1, STEPS);
        String expected = REFERENCE.state();
        for (int slice : new int[] {STEPS, 7, 61}) {
            run(JIT, slice, STEPS);
            assertThat(JIT.state()).as("in slices of %d: %s", slice, body).isEqualTo(expected);
        }
    }

    private static void run(CpuRig rig, int slice, int steps) {
        rig.reset();
        for (int at = 0; at < steps; ) {
            at = Math.min(steps, at + slice);
            rig.runTo(at);
        }
    }

    private static String pointer(int offset) {
        return "\n li $s0, 0x%x\n li $s1, 200\n".formatted(EngineSuite.DATA + offset);
    }

    /** A loop of 200 rounds around some lines. */
    private static String loop(String lines) {
        return "x: " + lines + "\n addiu $s1, $s1, -1\n bgtz $s1, x\n nop";
    }

    @ParameterizedTest
    @CsvSource({
        "0x0000, 1",
        "0x0000, 4",
        "0x0f00, 4",
        "0x0ff0, 4",
        "0x1f80, 4",
        "0x2ff0, 4",
        "0x3f80, 4",
        "0x0f00, 36",
        "0x0000, 288",
        "0x1f00, 288",
        "0x0000, 512",
        "0x0000, 516",
        "0x0ff0, 0",
        "0x1010, -4",
        "0x3010, -4",
        "0x0010, -4",
        "0x2100, -36",
        "0x1002, 2",
        "0x2010, -4",
        "0x4000, -4",
    })
    void accessesMoveThroughPages(String start, int step) {
        String move = "\n addiu $s0, $s0, %d\n".formatted(step);
        for (String access : List.of("lw $t0, 0($s0)", "lw $t0, -8($s0)", "lh $t0, 2($s0)")) {
            compare(pointer(Integer.decode(start)), loop(access + "\n xor $v0, $v0, $t0" + move));
        }
        for (String access : List.of("sw $s1, 0($s0)", "sb $s1, 3($s0)", "sh $s1, 6($s0)")) {
            compare(pointer(Integer.decode(start)), loop(access + move));
        }
        compare(pointer(Integer.decode(start)), loop(move + "lw $t0, 0($s0)\n xor $v0, $v0, $t0"));
        compare(pointer(Integer.decode(start)), loop(move + "sw $s1, 0($s0)"));
        String copy = "lw $t0, 0($s0)\n sw $t0, 4($s0)\n lbu $t1, 9($s0)\n sb $t1, 1($s0)";
        compare(pointer(Integer.decode(start)), loop(copy + move));
    }

    @ParameterizedTest
    @CsvSource({"0x0000, 4", "0x0ff0, 4", "0x1fe8, 8", "0x0f00, 64", "0x1f00, 508", "0x2100, -8"})
    void registersMoveSeveralTimesInARound(String start, int step) {
        String twice =
                """
                lw $t0, 0($s0)
                addiu $s0, $s0, %1$d
                lw $t1, 4($s0)
                addu $v0, $v0, $t0
                addiu $s0, $s0, %1$d
                addu $v0, $v0, $t1
                sw $v0, 4($s0)\
                """;
        compare(pointer(Integer.decode(start)), loop(twice.formatted(step)));
        // Through three blocks, the last two of which may be the ways out, and in a delay slot.
        String line =
                """
                x: lw $t0, 0($s0)
                addiu $s1, $s1, -1
                beq $s1, $zero, y
                addiu $s0, $s0, %1$d
                lbu $t1, 5($s0)
                addu $v0, $v0, $t0
                sltiu $t2, $t1, 251
                beq $t2, $zero, y
                lh $t3, 2($s0)
                addu $v0, $v0, $t3
                bne $t3, $s1, x
                sb $v0, 9($s0)
                y: addiu $v1, $v1, 1\
                """;
        compare(pointer(Integer.decode(start)), line.formatted(step));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 12, -4, 6, 508, 512, 516, -600, 0x7fffffff, 0x80000000})
    void addressesMoveByARegister(int step) {
        String set = pointer(0x800) + "li $s2, 0x%x".formatted(step);
        String access = "lw $t0, 0($s0)\n xor $v0, $v0, $t0";
        compare(set, loop(access + "\n addu $s0, $s0, $s2"));
        compare(set, loop(access + "\n sb $s1, 0($s0)\n addu $s0, $s2, $s0"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x000, 0xc00, 0xe00, 0x1c04, 0x1f00, 0x3f00, 0x002})
    void addressesLieInATable(int table) {
        String element = "andi $t0, $s1, 0xff\n sll $t0, $t0, %d\n addu $t0, $t0, $s0\n";
        for (int shift = 0; shift < 4; shift++) {
            compare(
                    pointer(table),
                    loop(element.formatted(shift) + "lw $t1, 0($t0)\n addu $v0, $v0, $t1"));
            compare(pointer(table), loop(element.formatted(shift) + "sb $s1, 1($t0)"));
        }
    }

    @Test
    void anAddressIsMisalignedAfterSomeRounds() {
        compare( // two steps that are aligned together, from the 20th round on between them
                pointer(0x100),
                """
                x: slti $t1, $s1, 180
                bne $t1, $zero, y
                addiu $s0, $s0, 2
                b z
                addiu $s0, $s0, 2
                y: addiu $v1, $v1, 1
                z: lw $t0, 0($s0)
                addiu $s1, $s1, -1
                bgtz $s1, x
                addu $v0, $v0, $t0\
                """);
        compare( // an index that is 12 first, then 10
                pointer(0x100),
                loop(
                        "srl $t0, $s1, 5\n andi $t0, $t0, 7\n sll $t0, $t0, 1\n"
                                + " addu $t0, $t0, $s0\n lw $t1, 0($t0)\n addu $v0, $v0, $t1"));
    }

    @Test
    void aPageBecomesUnwritableBehindAPageThatIsNot() {
        // Reads go on into the page behind; writes of the same rounds must not.
        compare(
                pointer(0x2f00),
                loop("lw $t0, 4($s0)\n sw $t0, 0($s0)\n addiu $s0, $s0, 4\n addu $v0, $v0, $t0"));
    }

    @Test
    void waysThroughARoundDiffer() {
        compare(
                pointer(0x0c00),
                """
                x: lbu $t0, 0($s0)
                andi $t1, $t0, 1
                beq $t1, $zero, y
                addiu $s0, $s0, 1
                sb $s1, 0x100($s0)
                andi $t1, $t0, 2
                bne $t1, $zero, z
                addiu $v0, $v0, 1
                y: addiu $v1, $v1, 1
                sltiu $t2, $t0, 250
                bne $t2, $zero, z
                addiu $s0, $s0, 3
                b w
                lui $a0, 7
                z: addiu $s1, $s1, -1
                bgtz $s1, x
                addu $a1, $a1, $t0
                w: addiu $a2, $a2, 1\
                """);
    }

    @ParameterizedTest
    @CsvSource({
        "0x1ffc, false",
        "0x3ffc, false",
        "0x3ffe, false",
        "0x4ffc, false",
        "0x1ffc, true",
        "0x3ffc, true"
    })
    void pointersComeFromMemory(String mask, boolean stores) {
        String chase = "lw $t0, 0($s0)\n andi $t0, $t0, %s\n addu $s0, $s2, $t0\n".formatted(mask);
        String use = "addu $v0, $v0, $t0\n" + (stores ? "sb $s1, 3($s0)" : "lbu $t1, 1($s0)");
        String base = "li $s2, 0x%x\n".formatted(EngineSuite.DATA);
        compare(pointer(0x10) + base, loop(chase + use));
        compare(pointer(0x10) + base, loop(chase + use + "\n lh $t2, 2($s0)\n lw $t3, 0($s0)"));
    }

    @Test
    void hiAndLoComeOutOfTheLoop() {
        compare(
                pointer(0x0f00),
                loop(
                                "lw $t0, 0($s0)\n addiu $s0, $s0, 4\n multu $t0, $s1\n mfhi $t1\n addu $v0, $v0, $t1")
                        + "\n mflo $a0\n mfhi $a1");
    }

    @Test
    void aLoopWritesItsOwnCode() {
        // Every word from before the loop to behind it is written back as it is, then changed.
        for (int change : new int[] {0, 1}) {
            String set = "\n li $s0, 0x%x\n li $s1, 40\n".formatted(EngineSuite.USER_BODY - 0x10);
            String alias = EngineSuite.tlb(54, EngineSuite.USER_BODY - 0x1000, 0x1000 | V | D);
            compare(
                    alias + set,
                    "nop\n nop\n nop\n"
                            + loop(
                                    "lw $t0, 0($s0)\n sw $t0, 0($s0)\n addiu $s0, $s0, 4\n"
                                            + " addiu $v0, $v0, %d".formatted(change)));
        }
    }
}
