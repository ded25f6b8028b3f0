package kseg.isa;

/** What an engine, a tool or a test must know of an {@link Insn} beyond its {@link Shape}. */
public enum Trait {
    /** Raises the overflow exception, leaving the target unchanged; Semantics has a companion. */
    MAY_OVERFLOW,
    /** The following instruction executes before control is transferred. */
    DELAY_SLOT,
    /** Writes the address after the delay slot to $31 (or rd), whether or not it branches. */
    LINK,
    /** Reads memory at base + offset. */
    LOADS,
    /** Writes memory at base + offset. */
    STORES,
    /** Accesses one byte. */
    BYTE,
    /** Accesses two bytes; the address must be even. */
    HALF,
    /** Accesses an aligned word; except for a merge, the address must be a multiple of four. */
    WORD,
    /** Belongs to coprocessor 0: raises CpU with CE = 0 in user mode. */
    PRIVILEGED,
    /** Added to MIPS I by System/161 (its "MIPS-161" processor). */
    MIPS161_ONLY,
    /** Exists where there is a coprocessor 1, so not on System/161. */
    R3000A_ONLY
}
