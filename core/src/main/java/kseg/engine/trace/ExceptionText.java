package kseg.engine.trace;

import kseg.cpu.Cpu;
import kseg.cpu.Exc;
import kseg.isa.Fields;
import kseg.isa.Insn;
import kseg.isa.Trait;
import org.jspecify.annotations.Nullable;

/** How System/161's trace shows exceptions and returns from them (sys161.md 13). */
final class ExceptionText {
    private static final int R_STATUS = 12;
    private static final int R_CAUSE = 13;
    private static final int R_EPC = 14;
    private static final int R_BADVADDR = 8;
    private static final int REG_SP = 29;
    private static final int CODE = 0x7c;
    private static final int SOFTWARE = 0x300;

    private ExceptionText() {}

    /** The exception a CPU has just entered. */
    static String entered(Cpu cpu, String supplement) {
        Exc exc = code(cpu);
        int vaddr =
                switch (exc) {
                    case MOD, TLBL, TLBS, ADEL, ADES -> cpu.cp0().read(R_BADVADDR, 0);
                    default -> 0;
                };
        return "exception: code %d (%s%s), expc %x, vaddr %x, sp %x"
                .formatted(
                        exc.code(),
                        name(exc),
                        supplement,
                        cpu.cp0().read(R_EPC, 0),
                        vaddr,
                        cpu.gpr[REG_SP]);
    }

    /** What RFE has returned to. */
    static String left(Cpu cpu) {
        int status = cpu.cp0().read(R_STATUS, 0);
        boolean interrupts = (status & Cpu.STATUS_IEC) != 0;
        return "Return from exception: %s mode, interrupts %s, sp %x"
                .formatted(
                        (status & Cpu.STATUS_KUC) != 0 ? "user" : "kernel",
                        interrupts ? "on" : "off",
                        cpu.gpr[REG_SP]);
    }

    /** The lines that interrupt; with {@code one}, the first of them only. */
    static String sources(Cpu cpu, String separator, boolean one) {
        int masked = cpu.cp0().read(R_STATUS, 0) & cpu.cp0().read(R_CAUSE, 0);
        StringBuilder sources = new StringBuilder();
        int[] lines = {Cpu.LINE_LAMEBUS, Cpu.LINE_IPI, Cpu.LINE_TIMER, SOFTWARE};
        String[] names = {"LAMEbus", "IPI", "timer", one ? "softirq" : "soft"};
        for (int i = 0; i < lines.length; i++) {
            if ((masked & lines[i]) != 0 && !(one && !sources.isEmpty())) {
                sources.append(separator).append(names[i]);
            }
        }
        return sources.toString();
    }

    /** The exception a CPU has entered last. */
    static Exc code(Cpu cpu) {
        return Exc.values()[(cpu.cp0().read(R_CAUSE, 0) & CODE) >>> 2];
    }

    /**
     * What System/161 adds to an exception's name.
     *
     * @param insn the instruction, null if it could not be fetched
     * @param matched whether the TLB had an entry for the address
     */
    static String supplement(
            Cpu cpu, @Nullable Insn insn, int word, boolean user, boolean matched) {
        return switch (code(cpu)) {
            case INTERRUPT -> sources(cpu, ", ", true);
            case TLBL, TLBS -> matched ? ", invalid" : ", miss";
            case ADEL -> {
                boolean misaligned = (cpu.cp0().read(R_BADVADDR, 0) & 3) != 0;
                yield insn == null && misaligned ? ", branch" : "";
            }
            case RI -> {
                boolean move = insn == Insn.MFC0 || insn == Insn.MTC0;
                yield move ? ", invalid cop0 register" : "";
            }
            case CPU -> insn == null ? "" : unusable(insn, word, user);
            default -> "";
        };
    }

    private static String unusable(Insn insn, int word, boolean user) {
        return switch (insn.shape()) {
            case CACHE -> ", cache instruction";
            case COP_LOAD_STORE ->
                    insn.has(Trait.STORES) || insn.mnemonic().startsWith("s")
                            ? ", swc instruction"
                            : ", lwc instruction";
            default -> {
                if (Fields.cop(word) != 0 || user) {
                    yield ", copz instruction";
                }
                yield switch (insn.mnemonic()) {
                    case "cfc0" -> ", cfc instruction";
                    case "ctc0" -> ", ctc instruction";
                    case "bc0t" -> ", bct instruction";
                    case "bc0f" -> ", bcf instruction";
                    default -> "";
                };
            }
        };
    }

    private static String name(Exc exc) {
        return switch (exc) {
            case INTERRUPT -> "interrupt";
            case MOD -> "TLB modify";
            case TLBL -> "TLB miss - load";
            case TLBS -> "TLB miss - store";
            case ADEL -> "Address error - load";
            case ADES -> "Address error - store";
            case IBE -> "Bus error - code";
            case DBE -> "Bus error - data";
            case SYSCALL -> "System call";
            case BREAKPOINT -> "Breakpoint";
            case RI -> "Illegal instruction";
            case CPU -> "Coprocessor unusable";
            case OV -> "Arithmetic overflow";
        };
    }
}
