package kseg.isa;

/** The processors of this family that can be modelled; they differ in which instructions exist. */
public enum CpuModel {
    /** System/161 2.x: the R3000's MMU and exceptions plus LL, SC, SYNC, WAIT and CACHE. No FPU. */
    MIPS161(Trait.R3000A_ONLY),
    /** The R3000A with its R3010 floating-point coprocessor 1. */
    R3000A(Trait.MIPS161_ONLY);

    private final Trait excluded;

    CpuModel(Trait excluded) {
        this.excluded = excluded;
    }

    /** Whether this processor has a definition of its own for the instruction. */
    public boolean has(Insn insn) {
        return !insn.has(excluded);
    }
}
