package kseg.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import kseg.cpu.Exc;
import kseg.machine.EngineKind;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every exception, in and out of delay slots, with the registers that describe it. */
class ExceptionTest extends EngineSuite {
    /** Values for the faulting instructions; kept by all contexts. */
    private static final String REGISTERS =
            """
            li $t0, 0x7fffffff
            li $t1, 0x80000000
            li $t2, 0x10000000
            li $t3, 0x10003000
            li $t4, 0xa8000000
            li $t5, 0xbfc00000
            li $t6, 0xc0001000
            li $t7, 0x10004000
            li $v0, 0x11111111
            """;

    private static final int NO_ADDRESS = 0;

    /** An instruction that faults. */
    private record Fault(String insn, Exc exc, int coprocessor, int vaddr, boolean refill) {
        Fault(String insn, Exc exc) {
            this(insn, exc, 0, NO_ADDRESS, false);
        }

        Fault(String insn, Exc exc, int vaddr) {
            this(insn, exc, 0, vaddr, false);
        }

        static Fault refill(String insn, Exc exc, int vaddr) {
            return new Fault(insn, exc, 0, vaddr, true);
        }

        static Fault unusable(String insn, int coprocessor) {
            return new Fault(insn, Exc.CPU, coprocessor, NO_ADDRESS, false);
        }
    }

    /** Where a fault happens: code around it, and the word EPC names. */
    private record Context(String name, String source, int epcWord, boolean inSlot) {}

    private static final List<Context> CONTEXTS =
            List.of(
                    new Context("straight", "nop\n %s", 1, false),
                    new Context("slot of taken branch", "b x\n %s\n nop\n x: nop", 0, true),
                    new Context("slot of branch not taken", "bnez $zero, x\n %s\n x: nop", 0, true),
                    new Context("slot of jal", "nop\n jal x\n %s\n x: nop", 1, true),
                    new Context("slot of jalr", "la $t9, x\n jalr $t9\n %s\n x: nop", 2, true),
                    new Context("slot of bltzal", "bltzal $zero, x\n %s\n x: nop", 0, true),
                    new Context("target", "b x\n nop\n nop\n x: %s", 3, false),
                    new Context("behind a slot", "bnez $zero, x\n nop\n %s\n x: nop", 2, false),
                    new Context("end of page", "b s\n nop\n .space 4084\n s: %s", 1023, false),
                    new Context(
                            "start of page",
                            "b s\n nop\n .space 4080\n s: nop\n nop\n %s",
                            1024,
                            false),
                    new Context(
                            "slot at end of page",
                            "b s\n nop\n .space 4080\n s: b x\n %s\n x: nop",
                            1022,
                            true),
                    new Context(
                            "slot on next page",
                            "b s\n nop\n .space 4084\n s: b x\n %s\n x: nop",
                            1023,
                            true));

    private static final List<Fault> KERNEL_FAULTS =
            List.of(
                    new Fault("syscall", Exc.SYSCALL),
                    new Fault("break", Exc.BREAKPOINT),
                    new Fault("add $v0, $t0, $t0", Exc.OV),
                    new Fault("addi $v0, $t0, 1", Exc.OV),
                    new Fault("addi $v0, $t1, -1", Exc.OV),
                    new Fault("sub $v0, $t1, $t0", Exc.OV),
                    new Fault("add $zero, $t0, $t0", Exc.OV),
                    new Fault("lw $v0, 1($t2)", Exc.ADEL, 0x10000001),
                    new Fault("lw $v0, 2($t3)", Exc.ADEL, 0x10003002),
                    new Fault("lh $v0, 3($t2)", Exc.ADEL, 0x10000003),
                    new Fault("lhu $v0, 1($t2)", Exc.ADEL, 0x10000001),
                    new Fault("ll $v0, 2($t2)", Exc.ADEL, 0x10000002),
                    new Fault("sw $v0, -2($t2)", Exc.ADES, 0x0ffffffe),
                    new Fault("sh $v0, 1($t2)", Exc.ADES, 0x10000001),
                    new Fault("cache 0x11, 2($t2)", Exc.ADEL, 0x10000002),
                    Fault.refill("lw $v0, 4($t3)", Exc.TLBL, 0x10003004),
                    Fault.refill("lb $v0, 5($t3)", Exc.TLBL, 0x10003005),
                    Fault.refill("lbu $v0, 5($t3)", Exc.TLBL, 0x10003005),
                    Fault.refill("lh $v0, 6($t3)", Exc.TLBL, 0x10003006),
                    Fault.refill("lwl $v0, 6($t3)", Exc.TLBL, 0x10003006),
                    Fault.refill("lwr $v0, 7($t3)", Exc.TLBL, 0x10003007),
                    Fault.refill("ll $v0, 8($t3)", Exc.TLBL, 0x10003008),
                    Fault.refill("lw $zero, 4($t3)", Exc.TLBL, 0x10003004),
                    Fault.refill("cache 0x11, 8($t3)", Exc.TLBL, 0x10003008),
                    Fault.refill("sw $v0, 4($t3)", Exc.TLBS, 0x10003004),
                    Fault.refill("sb $v0, 5($t3)", Exc.TLBS, 0x10003005),
                    Fault.refill("sh $v0, 6($t3)", Exc.TLBS, 0x10003006),
                    Fault.refill("swl $v0, 6($t3)", Exc.TLBS, 0x10003006),
                    Fault.refill("swr $v0, 7($t3)", Exc.TLBS, 0x10003007),
                    new Fault("lw $v0, 0x2004($t2)", Exc.TLBL, 0x10002004),
                    new Fault("sb $v0, 0x2005($t2)", Exc.TLBS, 0x10002005),
                    new Fault("sw $v0, 0x1004($t2)", Exc.MOD, 0x10001004),
                    new Fault("sb $v0, 0x1007($t2)", Exc.MOD, 0x10001007),
                    new Fault("swr $v0, 0x1005($t2)", Exc.MOD, 0x10001005),
                    new Fault("lw $v0, 4($t6)", Exc.TLBL, 0xc0001004),
                    new Fault("sh $v0, 6($t6)", Exc.TLBS, 0xc0001006),
                    new Fault("lw $v0, -4($zero)", Exc.TLBL, 0xfffffffc),
                    new Fault("lw $v0, 0($t4)", Exc.DBE),
                    new Fault("lbu $v0, 3($t4)", Exc.DBE),
                    new Fault("lwr $v0, 3($t4)", Exc.DBE),
                    new Fault("sw $v0, 0($t4)", Exc.DBE),
                    new Fault("swl $v0, 1($t4)", Exc.DBE),
                    new Fault("lw $v0, 0($t7)", Exc.DBE),
                    new Fault("sw $v0, 0($t7)", Exc.DBE),
                    new Fault("sw $v0, 0($t5)", Exc.DBE),
                    new Fault("sb $v0, 1($t5)", Exc.DBE),
                    new Fault(".word 0x0000003f", Exc.RI),
                    new Fault(".word 0x7c000000", Exc.RI),
                    new Fault(".word 0x04020000", Exc.RI),
                    new Fault("c0 3", Exc.RI),
                    new Fault("mfc0 $v0, $7", Exc.RI),
                    new Fault("mtc0 $v0, $20", Exc.RI),
                    Fault.unusable("cfc0 $v0, $0", 0),
                    Fault.unusable("bc0f .", 0),
                    Fault.unusable("c1 0", 1),
                    Fault.unusable("lwc1 $f2, 1($t3)", 1),
                    Fault.unusable("swc2 $2, 0($t2)", 2),
                    Fault.unusable("c3 5", 3));

    private static final List<Fault> USER_FAULTS =
            List.of(
                    new Fault("syscall", Exc.SYSCALL),
                    new Fault("sub $v0, $t1, $t0", Exc.OV),
                    new Fault("lw $v0, 0($t1)", Exc.ADEL, 0x80000000),
                    new Fault("lb $v0, 1($t1)", Exc.ADEL, 0x80000001),
                    new Fault("lwl $v0, -1($zero)", Exc.ADEL, 0xffffffff),
                    new Fault("ll $v0, 0($t6)", Exc.ADEL, 0xc0001000),
                    new Fault("sw $v0, 0($t1)", Exc.ADES, 0x80000000),
                    new Fault("sb $v0, 0($t4)", Exc.ADES, 0xa8000000),
                    new Fault("swr $v0, -1($t6)", Exc.ADES, 0xc0000fff),
                    Fault.refill("lw $v0, 4($t3)", Exc.TLBL, 0x10003004),
                    Fault.refill("sb $v0, 7($t3)", Exc.TLBS, 0x10003007),
                    new Fault("sw $v0, 0x1000($t2)", Exc.MOD, 0x10001000),
                    new Fault("lw $v0, 0($t7)", Exc.DBE),
                    Fault.unusable("mfc0 $v0, $12", 0),
                    Fault.unusable("mtc0 $v0, $12", 0),
                    Fault.unusable("mfc0 $v0, $7", 0),
                    Fault.unusable("tlbwi", 0),
                    Fault.unusable("tlbwr", 0),
                    Fault.unusable("tlbp", 0),
                    Fault.unusable("tlbr", 0),
                    Fault.unusable("rfe", 0),
                    Fault.unusable("wait", 0),
                    Fault.unusable("c0 3", 0),
                    Fault.unusable("cache 1, 0($t2)", 0),
                    Fault.unusable("c1 0", 1),
                    Fault.unusable("lwc3 $2, 0($t2)", 3));

    ExceptionTest(EngineKind kind) {
        super(kind);
    }

    @TestFactory
    Stream<DynamicTest> kernelMode() {
        return KERNEL_FAULTS.stream().map(fault -> test(fault, false));
    }

    @TestFactory
    Stream<DynamicTest> userMode() {
        return USER_FAULTS.stream().map(fault -> test(fault, true));
    }

    private DynamicTest test(Fault fault, boolean user) {
        return DynamicTest.dynamicTest(
                fault.insn, () -> CONTEXTS.forEach(context -> check(fault, context, user)));
    }

    private void check(Fault fault, Context context, boolean user) {
        rig.clear();
        String body = context.source.formatted(fault.insn);
        if (user) {
            user(REGISTERS, body);
        } else {
            kernel(REGISTERS, body);
        }
        rig.run(200);
        int start = user ? USER_BODY : CpuRig.BODY;
        try {
            expectException(
                    fault.refill ? REFILL : GENERAL,
                    fault.exc,
                    fault.coprocessor,
                    start + 4 * context.epcWord,
                    context.inSlot);
            boolean fromTlb =
                    switch (fault.exc) {
                        case TLBL, TLBS, MOD -> true;
                        default -> false;
                    };
            expectAddress(fromTlb, fault.vaddr == NO_ADDRESS ? MARK : fault.vaddr);
            expectRegister("v0", 0x11111111);
            expectRegister("zero", 0);
        } catch (AssertionError e) {
            throw new AssertionError(fault.insn + ", " + context.name, e);
        }
    }

    @Test
    void vectorsAreInTheRomWhileBevIsSet() {
        kernel("", cp0(12, 0x400000) + "lw $t0, 0($zero)");
        rig.run(200);
        expectException(BOOT_REFILL, Exc.TLBL, 0, CpuRig.BODY + 8, false);
        rig.clear();
        kernel("", cp0(12, 0x400000) + "syscall");
        rig.run(200);
        expectException(BOOT_GENERAL, Exc.SYSCALL, 0, CpuRig.BODY + 8, false);
    }

    /** sys161.md 5.4: BEV is set and interrupts are off. */
    @Test
    void resetVectorsAreInTheRom() {
        rig.place(BOOT_GENERAL, "b .\n nop").place(CpuRig.CODE, "mfc0 $t0, $12\n syscall");
        rig.run(10);
        expectException(BOOT_GENERAL, Exc.SYSCALL, 0, CpuRig.CODE + 4, false);
        expectRegister("t0", 0x00400000);
    }

    /** Status 2a is user mode at once: the next fetch from kseg0 is an address error. */
    @Test
    void exceptionsPushTheModeStack() {
        kernel("", cp0(12, 0x2a) + "nop");
        rig.run(200);
        expectException(GENERAL, Exc.ADEL, 0, CpuRig.BODY + 8, false);
        expectAddress(false, CpuRig.BODY + 8);
        assertThat(rig.cp0(12)).isEqualTo(0x28);
    }

    /** Status 3c becomes 3f, user mode; the fetch error pushes that to 3c. */
    @Test
    void rfeKeepsTheOldEntry() {
        kernel("", cp0(12, 0x3c) + "rfe\n nop\n nop");
        rig.run(200);
        expectException(GENERAL, Exc.ADEL, 0, CpuRig.BODY + 12, false);
        assertThat(rig.cp0(12)).isEqualTo(0x3c);
    }

    @Test
    void fetchFaultsNameTheirTarget() {
        kernel("", "li $t0, 0x80002802\n jr $t0\n li $v0, 7");
        rig.run(200);
        expectException(GENERAL, Exc.ADEL, 0, 0x80002802, false);
        expectAddress(false, 0x80002802);
        expectRegister("v0", 7);

        rig.clear();
        kernel("", "li $t0, 0x10003004\n jr $t0\n li $v0, 7");
        rig.run(200);
        expectException(REFILL, Exc.TLBL, 0, 0x10003004, false);
        expectAddress(true, 0x10003004);

        rig.clear();
        kernel("", "li $t0, 0x10002004\n jr $t0\n li $v0, 7");
        rig.run(200);
        expectException(GENERAL, Exc.TLBL, 0, 0x10002004, false);
        expectAddress(true, 0x10002004);

        rig.clear();
        kernel("", "li $t0, 0xa8000000\n jalr $t0\n li $v0, 7");
        rig.run(200);
        expectException(GENERAL, Exc.IBE, 0, 0xa8000000, false);
        expectAddress(false, MARK);
        expectRegister("ra", CpuRig.BODY + 12);

        rig.clear();
        kernel("", "li $t0, 0xbfe00000\n jr $t0\n nop"); // the device
        rig.run(200);
        expectException(GENERAL, Exc.IBE, 0, 0xbfe00000, false);
    }

    @Test
    void userModeFetchesNothingAboveKuseg() {
        user("", "lui $t0, 0x8000\n jr $t0\n nop");
        rig.run(200);
        expectException(GENERAL, Exc.ADEL, 0, 0x80000000, false);
        expectAddress(false, 0x80000000);
    }

    @Test
    void userModeRunsOffTheEndOfKuseg() {
        String map = tlb(50, 0x7ffff000, 0x7000 | V);
        user(map, "li $t0, 0x7ffffffc\n jr $t0\n nop");
        rig.place(0x7ffc, 0x24020007); // li $v0, 7
        rig.run(200);
        expectException(GENERAL, Exc.ADEL, 0, 0x80000000, false);
        expectRegister("v0", 7);
    }

    /** Straight on, and from a branch whose slot is beyond the page. */
    @Test
    void codeRunsIntoAnUnmappedPage() {
        String map = tlb(50, 0x00800000, 0x7000 | V);
        kernel(map, "li $t0, 0x00800ffc\n jr $t0\n nop");
        rig.place(0x7ffc, 0x24020007); // li $v0, 7
        rig.run(200);
        expectException(REFILL, Exc.TLBL, 0, 0x00801000, false);
        expectAddress(true, 0x00801000);
        expectRegister("v0", 7);

        rig.clear();
        kernel(map, "li $t0, 0x00800ffc\n jr $t0\n nop");
        rig.place(0x7ffc, 0x1000ffff); // b .
        rig.run(200);
        expectException(REFILL, Exc.TLBL, 0, 0x00800ffc, true);
        expectAddress(true, 0x00801000);
    }
}
