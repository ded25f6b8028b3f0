package kseg.cpu;

/** Exception codes of the R3000 (Cause bits 6..2). MIPS R3000 manual, "Cause register". */
public enum Exc {
    INTERRUPT(0),
    /** Store to a page whose TLB entry has D = 0. */
    MOD(1),
    /** No valid TLB entry for a load or fetch. */
    TLBL(2),
    /** No valid TLB entry for a store. */
    TLBS(3),
    /** Misaligned or forbidden address of a load or fetch. */
    ADEL(4),
    /** Misaligned or forbidden address of a store. */
    ADES(5),
    /** Bus error at a fetch. */
    IBE(6),
    /** Bus error at a load or store. */
    DBE(7),
    SYSCALL(8),
    BREAKPOINT(9),
    /** Reserved instruction. */
    RI(10),
    /** Coprocessor unusable; Cause.CE says which. */
    CPU(11),
    /** Arithmetic overflow. */
    OV(12);

    private static final Exc[] BY_CODE = values();

    private final int code;

    Exc(int code) {
        this.code = code;
    }

    /** Value of the ExcCode field. */
    public int code() {
        return code;
    }

    /** The exception with this code; codes count from 0. */
    static Exc of(int code) {
        return BY_CODE[code];
    }

    /** Whether BadVAddr, Context and (for the TLB's exceptions) EntryHi are loaded. */
    boolean hasAddress() {
        return fromTlb() || this == ADEL || this == ADES;
    }

    /** Whether the TLB raised it, so that EntryHi and Context describe the page. */
    boolean fromTlb() {
        return this == MOD || this == TLBL || this == TLBS;
    }
}
