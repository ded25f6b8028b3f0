package kseg.cpu;

import java.util.Arrays;
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
    public static final int ASID_SHIFT = 6;
    public static final int LO_PFN = 0xfffff000;
    public static final int LO_NONCACHEABLE = 0x800;
    public static final int LO_DIRTY = 0x400;
    public static final int LO_VALID = 0x200;
    public static final int LO_GLOBAL = 0x100;

    /** Bits of EntryHi and EntryLo that exist. */
    public static final int HI_BITS = HI_VPN | HI_ASID;

    public static final int LO_BITS = LO_PFN | LO_NONCACHEABLE | LO_DIRTY | LO_VALID | LO_GLOBAL;

    private static final int BUCKETS = 256;
    private static final int NONE = -1;

    private final int[] hi = new int[ENTRIES];
    private final int[] lo = new int[ENTRIES];

    // Derived from hi, so that nobody searches 64 entries: those whose pages fall into one bucket
    // are linked, lowest index first.
    private final byte[] first = new byte[BUCKETS];
    private final byte[] next = new byte[ENTRIES];

    Tlb() {
        for (int i = 0; i < ENTRIES; i++) {
            hi[i] = resetHi(i);
        }
        index();
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

    /** Replaces an entry. Who is not the CPU drops stale maps himself. */
    public void set(int index, int entryHi, int entryLo) {
        if (((hi[index] ^ entryHi) & HI_VPN) != 0) {
            unlink(index);
            hi[index] = entryHi & HI_BITS;
            link(index);
        }
        hi[index] = entryHi & HI_BITS;
        lo[index] = entryLo & LO_BITS;
    }

    /**
     * The entry that translates an address in an address space: its VPN is equal, and its ASID is
     * or it is global. −1 if there is none. Of several the lowest index answers (on the real chip
     * two matches may damage it).
     */
    int find(int vaddr, int entryHi) {
        int i = first[bucket(vaddr)];
        while (i != NONE && !matches(i, vaddr, entryHi)) {
            i = next[i];
        }
        return i;
    }

    /**
     * The first entry, from {@code from} on, that would shadow entry {@code index} with these
     * contents, or be shadowed by it, whatever their validity; −1 if there is none.
     */
    int duplicate(int index, int entryHi, int entryLo, int from) {
        int i = first[bucket(entryHi)];
        while (i != NONE && (i < from || i == index || !duplicates(i, entryHi, entryLo))) {
            i = next[i];
        }
        return i;
    }

    private boolean duplicates(int i, int entryHi, int entryLo) {
        return ((hi[i] ^ entryHi) & HI_VPN) == 0
                && (((hi[i] ^ entryHi) & HI_ASID) == 0 || ((lo[i] | entryLo) & LO_GLOBAL) != 0);
    }

    private boolean matches(int i, int vaddr, int entryHi) {
        return ((hi[i] ^ vaddr) & HI_VPN) == 0
                && ((lo[i] & LO_GLOBAL) != 0 || ((hi[i] ^ entryHi) & HI_ASID) == 0);
    }

    private static int bucket(int vaddr) {
        return (vaddr >>> 12 ^ vaddr >>> 20) & BUCKETS - 1;
    }

    private void link(int index) {
        int bucket = bucket(hi[index]);
        int before = NONE;
        int after = first[bucket];
        while (after != NONE && after < index) {
            before = after;
            after = next[after];
        }
        next[index] = (byte) after;
        setNext(bucket, before, index);
    }

    private void unlink(int index) {
        int bucket = bucket(hi[index]);
        int before = NONE;
        int at = first[bucket];
        while (at != index) {
            before = at;
            at = next[at];
        }
        setNext(bucket, before, next[index]);
    }

    private void setNext(int bucket, int before, int index) {
        if (before == NONE) {
            first[bucket] = (byte) index;
        } else {
            next[before] = (byte) index;
        }
    }

    private void index() {
        Arrays.fill(first, (byte) NONE);
        for (int i = 0; i < ENTRIES; i++) {
            link(i);
        }
    }

    void save(StateWriter out) {
        out.putInts(hi);
        out.putInts(lo);
    }

    void restore(StateReader in) {
        in.getInts(hi);
        in.getInts(lo);
        index();
    }
}
