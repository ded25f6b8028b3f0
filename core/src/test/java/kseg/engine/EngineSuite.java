package kseg.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import kseg.cpu.Exc;
import kseg.isa.CpuModel;
import kseg.machine.EngineKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every engine must do, told in assembly language. A suite runs once for each {@link
 * EngineKind}; each program runs whole and stopped after every step, with equal states.
 */
@ParameterizedClass
@EnumSource(EngineKind.class)
abstract class EngineSuite {
    static final int REFILL = 0x80000000;
    static final int GENERAL = 0x80000080;
    static final int BOOT_REFILL = 0xbfc00100;
    static final int BOOT_GENERAL = 0xbfc00180;

    /** Where {@link #user} maps the body, and a data page. */
    static final int USER_BODY = 0x00400000;

    static final int DATA = 0x10000000;
    static final int DATA_PADDR = 0x4000;

    /** What BadVAddr and Context hold before an exception. */
    static final int MARK = 0x12345678;

    static final int PT_BASE = 0xffe00000;
    static final int ASID = 5;

    static final int V = 0x200;
    static final int D = 0x400;
    static final int G = 0x100;

    /** A rig is much larger than a test, and a reset makes it like new. */
    private static final Map<EngineKind, CpuRig> RIGS = new EnumMap<>(EngineKind.class);

    final CpuRig rig;

    EngineSuite(EngineKind kind) {
        rig = RIGS.computeIfAbsent(kind, k -> new CpuRig(k, CpuModel.MIPS161, false));
    }

    @BeforeEach
    void clear() {
        rig.clear();
    }

    /** A body that runs in kernel mode, interrupts off, vectors in RAM, each an endless loop. */
    void kernel(String setup, String body) {
        prepare(setup, body, "la $k1, " + CpuRig.BODY + "\n jr $k1\n nop");
    }

    /** A body that runs in user mode at {@link #USER_BODY}. */
    void user(String setup, String body) {
        rig.place(CpuRig.BODY & 0x1fffffff, USER_BODY, body);
        String map = tlb(60, USER_BODY, 0x2000 | V | D) + tlb(61, USER_BODY + 0x1000, 0x3000 | V);
        start(map + setup, "li $k0, 8\n mtc0 $k0, $12\n la $k1, " + USER_BODY + "\n jr $k1\n rfe");
    }

    private void prepare(String setup, String body, String go) {
        rig.place(CpuRig.BODY, body);
        start(setup, go);
    }

    private void start(String setup, String go) {
        for (int vector : new int[] {REFILL, GENERAL, BOOT_REFILL, BOOT_GENERAL}) {
            rig.place(vector, "b .\n nop");
        }
        String marks =
                "mtc0 $zero, $12\n"
                        + cp0(8, MARK)
                        + cp0(4, PT_BASE)
                        + tlb(1, DATA, DATA_PADDR | V | D)
                        + tlb(2, DATA + 0x1000, DATA_PADDR + 0x1000 | V)
                        + tlb(3, DATA + 0x2000, DATA_PADDR + 0x2000 | D)
                        + tlb(4, DATA + 0x4000, 0x08000000 | V | D)
                        + tlb(5, 0xc0000000, DATA_PADDR | V | D);
        rig.place(CpuRig.CODE, marks + setup + "\n" + cp0(10, ASID << 6) + go);
    }

    /** Sets a register of coprocessor 0. */
    static String cp0(int register, int value) {
        return "li $k0, %d\n mtc0 $k0, $%d\n".formatted(value, register);
    }

    /** Writes an entry of the TLB for the test's ASID. */
    static String tlb(int slot, int page, int lo) {
        return cp0(10, page | ASID << 6) + cp0(2, lo) + cp0(0, slot << 8) + "tlbwi\n";
    }

    /** Checks that the CPU hangs in a vector, and how it came there. */
    void expectException(int vector, Exc exc, int coprocessor, int epc, boolean inSlot) {
        int cause = (inSlot ? 0x80000000 : 0) | coprocessor << 28 | exc.code() << 2;
        assertThat(hex(rig.cpu().pc & ~7)).as("vector; %s", rig.state()).isEqualTo(hex(vector));
        assertThat(hex(rig.cp0(13))).as("Cause").isEqualTo(hex(cause));
        assertThat(hex(rig.cp0(14))).as("EPC").isEqualTo(hex(epc));
    }

    /** Checks the registers that describe an address; a TLB exception sets all three. */
    void expectAddress(boolean fromTlb, int vaddr) {
        assertThat(hex(rig.cp0(8))).as("BadVAddr").isEqualTo(hex(vaddr));
        int context = fromTlb ? PT_BASE | vaddr >>> 12 << 2 & 0x1ffffc : PT_BASE;
        assertThat(hex(rig.cp0(4))).as("Context").isEqualTo(hex(context));
        int entryHi = (fromTlb ? vaddr & 0xfffff000 : 0) | ASID << 6;
        assertThat(hex(rig.cp0(10))).as("EntryHi").isEqualTo(hex(entryHi));
    }

    void expectRegister(String name, int value) {
        assertThat(hex(rig.reg(name))).as("$%s; %s", name, rig.state()).isEqualTo(hex(value));
    }

    static String hex(int value) {
        return "%08x".formatted(value);
    }
}
