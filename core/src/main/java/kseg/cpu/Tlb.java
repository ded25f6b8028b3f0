package kseg.cpu;

import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;

/**
 * The R3000's translation lookaside buffer: 64 fully associative entries of 4 KB pages. Entries
 * have the layout of the EntryHi and EntryLo registers. MIPS R3000 manual, "TLB"; sys161.md section
 * 6.
 */
public final class Tlb {
    public static final int ENTRIES = 64;

    public static final int HI_VPN = 0xfffff000;
    public static final int HI_ASID = 0x00000fc0;
    public static final int LO_PFN = 0xfffff000;
    public static final int LO_NONCACHEABLE = 0x800;
    public static final int LO_DIRTY = 0x400;
    public static final int LO_VALID = 0x200;
    public static final int LO_GLOBAL = 0x100;

    /** Bits of EntryHi and EntryLo that exist. */
    public static final int HI_BITS = HI_VPN | HI_ASID;

    public static final int LO_BITS = LO_PFN | LO_NONCACHEABLE | LO_DIRTY | LO_VALID | LO_GLOBAL;

    private final int[] hi = new int[ENTRIES];
    private final int[] lo = new int[ENTRIES];

    Tlb() {
        for (int i = 0; i < ENTRIES; i++) {
            hi[i] = resetHi(i);
        }
    }

    /** EntryHi of entry {@code i} at reset: pages of kseg0, which never match (sys161.md 6). */
    static int resetHi(int i) {
        return 0x81000000 + (i << 12);
    }

    public int hi(int index) {
        return hi[index];
    }

    public int lo(int index) {
        return lo[index];
    }

    void set(int index, int entryHi, int entryLo) {
        hi[index] = entryHi & HI_BITS;
        lo[index] = entryLo & LO_BITS;
    }

    /**
     * The entry that translates an address in an address space: its VPN is equal, and its ASID is
     * or it is global. −1 if there is none. Of several the lowest index answers (on the real chip
     * two matches may damage it).
     */
    int find(int vaddr, int entryHi) {
        for (int i = 0; i < ENTRIES; i++) {
            if (matches(i, vaddr, entryHi)) {
                return i;
            }
        }
        return -1;
    }

    /** Whether entry {@code i} would shadow another for this page, whatever its validity. */
    boolean duplicates(int i, int other) {
        return ((hi[i] ^ hi[other]) & HI_VPN) == 0
                && (((hi[i] ^ hi[other]) & HI_ASID) == 0 || ((lo[i] | lo[other]) & LO_GLOBAL) != 0);
    }

    private boolean matches(int i, int vaddr, int entryHi) {
        return ((hi[i] ^ vaddr) & HI_VPN) == 0
                && ((lo[i] & LO_GLOBAL) != 0 || ((hi[i] ^ entryHi) & HI_ASID) == 0);
    }

    void save(StateWriter out) {
        out.putInts(hi);
        out.putInts(lo);
    }

    void restore(StateReader in) {
        in.getInts(hi);
        in.getInts(lo);
    }
}
