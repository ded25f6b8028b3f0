package kseg.image;

/** The fields of the ELF header that matter, as unsigned values where they are sizes or offsets. */
record ElfHeader(
        boolean bigEndian,
        int type,
        int machine,
        int entry,
        long programHeaders,
        int programHeaderBytes,
        int programHeaderCount,
        long sectionHeaders,
        int sectionHeaderBytes,
        int sectionHeaderCount) {

    /** Size of the ELF32 header. */
    static final int BYTES = 52;

    /** Size of an ELF32 program header. */
    static final int PROGRAM_HEADER_BYTES = 32;

    /** Size of an ELF32 section header. */
    static final int SECTION_HEADER_BYTES = 40;
}
