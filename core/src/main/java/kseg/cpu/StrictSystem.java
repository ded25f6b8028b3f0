package kseg.cpu;

import kseg.bus.Misuse;
import kseg.isa.Fields;
import kseg.isa.Insn;

/**
 * The instructions of coprocessor 0 as System/161 2.0.8 has them; part of {@link StrictProcessor}.
 */
final class StrictSystem {
    private static final int R_CONFIG = 16;

    private final Cpu cpu;
    private final StrictPipeline pipeline;
    private final Misuse misuse;

    StrictSystem(Cpu cpu, StrictPipeline pipeline, Misuse misuse) {
        this.cpu = cpu;
        this.pipeline = pipeline;
        this.misuse = misuse;
    }

    /** Executes an instruction of coprocessor 0 met in kernel mode. */
    void execute(Insn insn, int word) {
        Cp0 cp0 = cpu.cp0();
        switch (insn) {
            case MFC0 -> moveFrom(word);
            case MTC0 -> moveTo(word);
            case TLBR -> cp0.readEntry();
            case TLBWI -> writeTlb(cp0.indexSlot());
            case TLBWR -> writeTlb(cp0.randomSlot(0));
            case TLBP -> cp0.probe();
            case RFE -> {
                cpu.popStatus();
                pipeline.returned();
            }
            case WAIT -> cpu.waiting = !cpu.wakeLineRaised();
            case COP0 -> pipeline.raise(Exc.RI);
            default -> pipeline.raiseUnusable(0);
        }
    }

    private void moveFrom(int word) {
        int register = Fields.rd(word);
        int select = Fields.sel(word);
        if (cpu.cp0().exists(register, select)) {
            cpu.gpr[Fields.rt(word)] = cpu.cp0().read(register, select);
        } else {
            pipeline.raise(Exc.RI);
        }
    }

    private void moveTo(int word) {
        int value = cpu.gpr[Fields.rt(word)];
        switch (cpu.cp0().write(Fields.rd(word), Fields.sel(word), value)) {
            case RESERVED -> {
                if (Fields.rd(word) != R_CONFIG) { // selects that do not exist ignore writes
                    pipeline.raise(Exc.RI);
                }
            }
            case CACHE_MISUSE ->
                    misuse.report(
                            "Status register write attempted to use r2000/r3000 cache control");
            case NONE, ADDRESS_SPACE, HORIZON -> {}
        }
    }

    private void writeTlb(int slot) {
        pipeline.observer().writesTlb(slot);
        Tlb tlb = cpu.tlb();
        cpu.cp0().writeEntry(slot);
        int hi = tlb.hi(slot);
        int lo = tlb.lo(slot);
        int other = tlb.duplicate(slot, hi, lo, 0);
        while (other >= 0) {
            misuse.report(
                    "Duplicate TLB entries for vpage %x (entries %d and %d)"
                            .formatted(hi & Tlb.HI_VPN, slot, other));
            other = tlb.duplicate(slot, hi, lo, other + 1);
        }
        pipeline.refetch();
    }
}
