package kseg.cpu;

import kseg.bus.Misuse;
import kseg.isa.Fields;
import kseg.isa.Insn;

/**
 * The instructions of coprocessor 0: its registers, the TLB, return from exception, WAIT. MIPS
 * R3000 manual, "CP0 Instructions"; sys161.md sections 5 and 6.
 *
 * <p>Kernels are full of them. Those that concern nobody but their CPU are {@link #local}: an
 * engine goes on behind them at once ({@link PreciseStep#local}).
 */
final class SystemStep {
    private final Mmu mmu;
    private final Misuse misuse;

    SystemStep(Mmu mmu, Misuse misuse) {
        this.mmu = mmu;
        this.misuse = misuse;
    }

    /** Executes, counts and ends the step of an instruction of shape COP_MOVE or COP_OP. */
    void execute(Cpu cpu, Insn insn, int word) {
        if (local(cpu, insn, word, 0)) {
            retire(cpu);
            return;
        }
        Cp0 cp0 = cpu.cp0();
        switch (insn) {
            case MTC0 -> moveTo(cpu, word);
            case TLBWI -> writeTlb(cpu, cp0.indexSlot());
            case TLBWR -> writeTlb(cpu, cp0.randomSlot(0));
            case RFE -> {
                boolean user = cpu.userMode();
                cpu.popStatus();
                cpu.retire(user);
            }
            case WAIT -> {
                retire(cpu);
                if (!cpu.wakeLineRaised()) {
                    cpu.waiting = true;
                    cpu.stopSoon();
                }
            }
            case MFC0, COP0 -> cpu.raise(Exc.RI); // no such register, no such operation
            default -> cpu.raiseUnusable(Fields.cop(word));
        }
    }

    /**
     * Executes an instruction met in kernel mode if it concerns nobody but its CPU and the page
     * maps: it raises nothing, and changes neither mode nor horizon nor which interrupts are due.
     * Says whether it did. Comparisons, not a switch: compiled code names the instruction, and
     * HotSpot leaves but one of them.
     */
    boolean local(Cpu cpu, Insn insn, int word, int ahead) { // hot
        if (insn == Insn.MFC0) {
            return localMoveFrom(cpu, word, ahead);
        }
        if (insn == Insn.MTC0) {
            return localMoveTo(cpu, word);
        }
        if (insn == Insn.TLBWI) {
            return localWrite(cpu, cpu.cp0().indexSlot());
        }
        if (insn == Insn.TLBWR) {
            return localWrite(cpu, cpu.cp0().randomSlot(ahead));
        }
        if (insn == Insn.TLBR) {
            if (cpu.cp0().readEntry()) {
                mmu.maps().dropMapped();
            }
            return true;
        }
        if (insn == Insn.TLBP) {
            cpu.cp0().probe();
            return true;
        }
        return false;
    }

    private static boolean localMoveFrom(Cpu cpu, int word, int ahead) {
        int register = Fields.rd(word);
        int select = Fields.sel(word);
        if (!cpu.cp0().exists(register, select)) {
            return false;
        }
        int rt = Fields.rt(word);
        cpu.gpr[rt == 0 ? Cpu.SINK : rt] = cpu.cp0().read(register, select, ahead);
        return true;
    }

    private boolean localMoveTo(Cpu cpu, int word) {
        int register = Fields.rd(word);
        int select = Fields.sel(word);
        int value = cpu.gpr[Fields.rt(word)];
        if (!cpu.cp0().writeIsLocal(register, select, value)) {
            return false;
        }
        if (cpu.cp0().write(register, select, value) == Cp0.Effect.ADDRESS_SPACE) {
            mmu.maps().dropMapped();
        }
        return true;
    }

    /** A register's write that others must know of. */
    private void moveTo(Cpu cpu, int word) {
        boolean user = cpu.userMode();
        int value = cpu.gpr[Fields.rt(word)];
        switch (cpu.cp0().write(Fields.rd(word), Fields.sel(word), value)) {
            case NONE -> {}
            case RESERVED -> {
                cpu.raise(Exc.RI);
                return;
            }
            case ADDRESS_SPACE -> mmu.maps().dropMapped();
            case HORIZON -> cpu.stopBehindStep();
            case CACHE_MISUSE -> {
                misuse.report("Status register write attempted to use r2000/r3000 cache control");
                cpu.stopBehindStep();
            }
        }
        cpu.retire(user);
    }

    private boolean localWrite(Cpu cpu, int slot) {
        if (cpu.tlb().duplicate(slot, cpu.cp0().entryHi(), cpu.cp0().entryLo(), 0) >= 0) {
            return false;
        }
        mmu.maps().dropEntry(slot);
        cpu.cp0().writeEntry(slot);
        mmu.mapEntry(cpu, slot);
        return true;
    }

    /** A write that makes an entry shadow others. */
    private void writeTlb(Cpu cpu, int slot) {
        Tlb tlb = cpu.tlb();
        mmu.maps().dropEntry(slot);
        cpu.cp0().writeEntry(slot);
        int hi = tlb.hi(slot);
        int lo = tlb.lo(slot);
        mmu.maps().drop(hi);
        int other = tlb.duplicate(slot, hi, lo, 0);
        while (other >= 0) {
            misuse.report(
                    "Duplicate TLB entries for vpage %x (entries %d and %d)"
                            .formatted(hi & Tlb.HI_VPN, slot, other));
            other = tlb.duplicate(slot, hi, lo, other + 1);
        }
        cpu.stopBehindStep();
        retire(cpu);
    }

    private static void retire(Cpu cpu) {
        cpu.retire(cpu.userMode());
    }
}
