package kseg.engine.trace;

import kseg.cpu.Cpu;
import kseg.cpu.Tlb;
import kseg.isa.Insn;

/** How System/161's trace shows TLB entries and what becomes of addresses (sys161.md 13). */
final class TlbText {
    private static final int PAGE_SHIFT = 12;
    private static final int R_INDEX = 0;
    private static final int SLOT_SHIFT = 8;

    private TlbText() {}

    /** An entry, given as the registers EntryHi and EntryLo have it. */
    static String entry(int hi, int lo) {
        return page(hi, hi) + physical(lo);
    }

    /** An entry as it is in the TLB. */
    static String slot(Cpu cpu, int slot) {
        return entry(cpu.tlb().hi(slot), cpu.tlb().lo(slot));
    }

    /** TLBWI or TLBWR: what was in a slot, and what is there now. */
    static String written(Insn insn, int slot, String before, String after) {
        return "%s: [%2d] %s ==> %s ".formatted(insn.mnemonic(), slot, before, after);
    }

    /** TLBR of a slot. */
    static String read(Cpu cpu, int slot) {
        return "tlbr:  [%2d] %s ".formatted(slot, slot(cpu, slot));
    }

    /** TLBP, which has been executed. */
    static String probed(Cpu cpu) {
        int entryHi = cpu.cp0().entryHi();
        String start = "tlbp:       " + page(entryHi, entryHi);
        int index = cpu.cp0().read(R_INDEX, 0);
        if (index < 0) {
            return start + "NOT FOUND";
        }
        int slot = index >>> SLOT_SHIFT;
        return start + physical(cpu.tlb().lo(slot)) + ": [" + slot + "]";
    }

    /** The virtual half of an entry, or a page in an address space. */
    static String page(int vaddr, int entryHi) {
        return "%05x/%03x -> "
                .formatted(vaddr >>> PAGE_SHIFT, (entryHi & Tlb.HI_ASID) >>> Tlb.ASID_SHIFT);
    }

    /** The physical half of an entry. */
    static String physical(int lo) {
        return "%05x %s%s%s%s"
                .formatted(
                        lo >>> PAGE_SHIFT,
                        flag(lo, Tlb.LO_GLOBAL, "G"),
                        flag(lo, Tlb.LO_VALID, "V"),
                        flag(lo, Tlb.LO_DIRTY, "D"),
                        flag(lo, Tlb.LO_NONCACHEABLE, "N"));
    }

    private static String flag(int lo, int bit, String letter) {
        return (lo & bit) != 0 ? letter : "-";
    }

    /** The lookup of a mapped address. */
    static String lookup(Cpu cpu, int vaddr, boolean store) {
        int entryHi = cpu.cp0().entryHi();
        String start = "tlblookup:  " + page(vaddr, entryHi);
        int index = find(cpu.tlb(), vaddr, entryHi);
        if (index < 0) {
            return start + "no match";
        }
        int lo = cpu.tlb().lo(index);
        String end = " - OK";
        if ((lo & Tlb.LO_VALID) == 0) {
            end = " - INVALID";
        } else if (store && (lo & Tlb.LO_DIRTY) == 0) {
            end = " - READONLY";
        }
        return start + physical(lo) + ": [" + index + "]" + end;
    }

    /** Whether an access would be let through. */
    static boolean allows(Cpu cpu, int vaddr, boolean store) {
        int index = find(cpu.tlb(), vaddr, cpu.cp0().entryHi());
        int needed = Tlb.LO_VALID | (store ? Tlb.LO_DIRTY : 0);
        return index >= 0 && (cpu.tlb().lo(index) & needed) == needed;
    }

    /** Whether a matching entry, valid or not, is there. */
    static boolean matches(Cpu cpu, int vaddr) {
        return find(cpu.tlb(), vaddr, cpu.cp0().entryHi()) >= 0;
    }

    private static int find(Tlb tlb, int vaddr, int entryHi) {
        for (int i = 0; i < Tlb.ENTRIES; i++) {
            boolean page = ((tlb.hi(i) ^ vaddr) & Tlb.HI_VPN) == 0;
            boolean space = ((tlb.hi(i) ^ entryHi) & Tlb.HI_ASID) == 0;
            if (page && (space || (tlb.lo(i) & Tlb.LO_GLOBAL) != 0)) {
                return i;
            }
        }
        return -1;
    }
}
