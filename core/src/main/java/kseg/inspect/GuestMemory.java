package kseg.inspect;

import java.util.OptionalInt;
import kseg.cpu.Cpu;
import kseg.cpu.Tlb;
import kseg.machine.Machine;
import kseg.memory.PhysicalMemory;

/**
 * Memory at virtual addresses, as a processor's TLB and address space show it now, whatever mode it
 * is in. Reads RAM only: devices would notice.
 */
public final class GuestMemory {
    private static final int KSEG2 = 0xc0000000;
    private static final int DIRECT_MASK = 0x1fffffff;
    private static final int PAGE_MASK = 0xfff;
    private static final int ENTRY_HI = 10;

    private final PhysicalMemory memory;
    private final Cpu cpu;

    public GuestMemory(Machine machine, Cpu cpu) {
        memory = machine.memory();
        this.cpu = cpu;
    }

    /** The word at an aligned address; empty if it is not in RAM, or not mapped. */
    public OptionalInt word(int vaddr) {
        long paddr = translate(vaddr);
        if ((vaddr & 3) != 0 || paddr < 0 || paddr >= memory.sizeBytes()) {
            return OptionalInt.empty();
        }
        int word = memory.word((int) paddr);
        return OptionalInt.of(cpu.littleEndian() ? Integer.reverseBytes(word) : word);
    }

    /** The physical address, or −1. */
    private long translate(int vaddr) {
        if (vaddr < KSEG2) { // signed: kseg0 and kseg1 only
            return vaddr & DIRECT_MASK;
        }
        int space = cpu.cp0().read(ENTRY_HI, 0) & Tlb.HI_ASID;
        Tlb tlb = cpu.tlb();
        for (int i = 0; i < Tlb.ENTRIES; i++) {
            boolean global = (tlb.lo(i) & Tlb.LO_GLOBAL) != 0;
            if (((tlb.hi(i) ^ vaddr) & Tlb.HI_VPN) == 0
                    && (global || (tlb.hi(i) & Tlb.HI_ASID) == space)) {
                boolean valid = (tlb.lo(i) & Tlb.LO_VALID) != 0;
                int page = tlb.lo(i) & Tlb.LO_PFN;
                return valid ? (page | vaddr & PAGE_MASK) & 0xffffffffL : -1;
            }
        }
        return -1;
    }
}
