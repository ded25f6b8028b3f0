package kseg.verify;

/**
 * Where generated programs have their things. Code is seen at the same low 28 address bits in every
 * segment, so that its jumps go to it from whichever it runs in.
 */
final class Layout {
    static final int PAGE = 0x1000;

    /** Physical: handlers' tables; code; code as the second address space sees it; data. */
    static final int TABLES = 0x1000;

    static final int CODE = 0x2000;
    static final int OTHER_CODE = 0x5000;
    static final int DATA = 0x8000;
    static final int CODE_PAGES = 3;
    static final int DATA_PAGES = 4;

    /** In {@link #TABLES}: pairs of address and Status where lost programs go on. */
    static final int AWAY_ENTRIES = 16;

    /** Behind them: EntryLo for a missing page, by the low bits of its number. */
    static final int REFILL_TABLE = TABLES + 8 * AWAY_ENTRIES;

    static final int REFILL_ENTRIES = 16;

    static final int KSEG0 = 0x80000000;
    static final int KSEG1 = 0xa0000000;
    static final int KSEG2 = 0xc0000000;

    /** Virtual: data pages in kuseg. Code is at its physical address. */
    static final int USER_DATA = 0x10000000;

    /** Registers with a purpose. */
    static final int AT = 1;

    static final int A0 = 4;
    static final int S0 = 16;
    static final int COUNTER = 22;
    static final int OUTER_COUNTER = 30;
    static final int WORD = 24;
    static final int TARGET = 25;
    static final int K0 = 26;
    static final int SP = 29;
    static final int RA = 31;

    /** Values; $0 among them. */
    static final int[] VALUES = {0, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15, AT};

    /** Pointers to data, some of them to where they should not. */
    static final int POINTERS = 6;

    private Layout() {}
}
