package kseg.image;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the symbol table through the section headers. Everything here is optional for running an
 * image, so a fault ends the search with a reason instead of an error. Source: System V ABI, ELF32
 * sections and symbols.
 */
final class SymbolReader {
    private static final int SHT_SYMTAB = 2;
    private static final int SH_TYPE = 4;
    private static final int SH_OFFSET = 16;
    private static final int SH_SIZE = 20;
    private static final int SH_LINK = 24;
    private static final int SYMBOL_BYTES = 16;
    private static final int ST_VALUE = 4;
    private static final int ST_SIZE = 8;
    private static final int ST_INFO = 12;
    private static final int ST_SHNDX = 14;
    private static final int STT_OBJECT = 1;
    private static final int STT_FUNC = 2;
    private static final int SHN_UNDEF = 0;
    private static final int SHN_LORESERVE = 0xff00;

    /**
     * Longer names are cut; a table that names the same long string again and again stays small.
     */
    private static final int LONGEST_NAME = 512;

    private static final long MOST_NAME_BYTES = 64 << 20;

    private final ElfBytes elf;
    private final ElfHeader header;

    SymbolReader(ElfBytes elf, ElfHeader header) {
        this.elf = elf;
        this.header = header;
    }

    SymbolTable read() {
        int count = header.sectionHeaderCount();
        if (count == 0) {
            return none("");
        }
        int each = header.sectionHeaderBytes();
        if (each < ElfHeader.SECTION_HEADER_BYTES
                || !elf.holds(header.sectionHeaders(), (long) count * each)) {
            return none("section headers lie outside the file");
        }
        for (int i = 0; i < count; i++) {
            if (elf.word(section(i) + SH_TYPE) == SHT_SYMTAB) {
                return symbols(section(i));
            }
        }
        return none("");
    }

    private long section(int number) {
        return header.sectionHeaders() + (long) number * header.sectionHeaderBytes();
    }

    private SymbolTable symbols(long section) {
        long offset = elf.word(section + SH_OFFSET);
        long bytes = elf.word(section + SH_SIZE);
        long link = elf.word(section + SH_LINK);
        if (!elf.holds(offset, bytes)) {
            return none("the symbol table lies outside the file");
        }
        if (link >= header.sectionHeaderCount()) {
            return none("the symbol table has no string table");
        }
        long strings = elf.word(section((int) link) + SH_OFFSET);
        long stringBytes = elf.word(section((int) link) + SH_SIZE);
        if (!elf.holds(strings, stringBytes)) {
            return none("the string table lies outside the file");
        }
        List<Symbol> symbols = new ArrayList<>();
        long nameBytes = 0;
        for (long at = offset; at + SYMBOL_BYTES <= offset + bytes; at += SYMBOL_BYTES) {
            if (wanted(at)) {
                String name = name(elf.word(at), strings, stringBytes);
                nameBytes += name.length();
                if (nameBytes > MOST_NAME_BYTES) {
                    return new SymbolTable(symbols, "the symbol names are absurdly long");
                }
                if (!name.isEmpty()) {
                    symbols.add(symbol(at, name));
                }
            }
        }
        return new SymbolTable(symbols, "");
    }

    /**
     * Functions, objects and untyped labels of real sections; no files, sections or absolute
     * numbers.
     */
    private boolean wanted(long at) {
        int section = elf.half(at + ST_SHNDX);
        int type = elf.octet(at + ST_INFO) & 0xf;
        return section != SHN_UNDEF && section < SHN_LORESERVE && type <= STT_FUNC;
    }

    private Symbol symbol(long at, String name) {
        int type = elf.octet(at + ST_INFO) & 0xf;
        int vaddr = (int) elf.word(at + ST_VALUE);
        long bytes = elf.word(at + ST_SIZE);
        return new Symbol(name, vaddr, bytes, type != STT_OBJECT);
    }

    private String name(long index, long strings, long stringBytes) {
        StringBuilder name = new StringBuilder();
        for (long i = index; i < stringBytes && name.length() < LONGEST_NAME; i++) {
            int c = elf.octet(strings + i);
            if (c == 0) {
                break;
            }
            name.append((char) c);
        }
        byte[] raw = name.toString().getBytes(StandardCharsets.ISO_8859_1);
        return new String(raw, StandardCharsets.UTF_8);
    }

    private static SymbolTable none(String fault) {
        return new SymbolTable(List.of(), fault);
    }
}
