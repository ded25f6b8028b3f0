package kseg.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Builds small ELF files to the letter, right or wrong: every field is the test's to choose. */
public final class TinyElf {
    static final int PT_GNU_STACK = 0x6474e551;
    static final int PT_MIPS_ABIFLAGS = 0x70000003;

    private record Header(int type, int vaddr, byte[] bytes, int memoryBytes, int flags) {}

    private record Label(String name, int vaddr, int size, int info) {}

    private final List<Header> headers = new ArrayList<>();
    private final List<Label> labels = new ArrayList<>();
    private ByteOrder order = ByteOrder.BIG_ENDIAN;
    private int entry = 0x80000200;

    /** A bootable kernel: text and data in kseg0, two segments to ignore, three symbols. */
    static TinyElf kernel() {
        return new TinyElf()
                .segment(PT_MIPS_ABIFLAGS, 0x80000100, new byte[24], 24, 4)
                .segment(ElfImage.PT_LOAD, 0x80000200, words(0x3c088000, 0, 0x03e00008, 0), 16, 5)
                .segment(ElfImage.PT_LOAD, 0x80001000, new byte[] {1, 2, 3, 4}, 4096, 6)
                .segment(PT_GNU_STACK, 0, new byte[0], 0, 7)
                .label("__start", 0x80000200, 8, 0x12)
                .label("spin", 0x80000208, 0, 0x10)
                .label("counter", 0x80001000, 4, 0x11)
                .label("kmain.c", 0, 0, 0x04);
    }

    public static byte[] words(int... words) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * words.length);
        for (int word : words) {
            buffer.putInt(word);
        }
        return buffer.array();
    }

    public TinyElf segment(int type, int vaddr, byte[] bytes, int memoryBytes, int flags) {
        headers.add(new Header(type, vaddr, bytes, memoryBytes, flags));
        return this;
    }

    public TinyElf label(String name, int vaddr, int size, int info) {
        labels.add(new Label(name, vaddr, size, info));
        return this;
    }

    public TinyElf entry(int vaddr) {
        entry = vaddr;
        return this;
    }

    TinyElf littleEndian() {
        order = ByteOrder.LITTLE_ENDIAN;
        return this;
    }

    public byte[] build() {
        ByteBuffer out = ByteBuffer.allocate(8192).order(order);
        int data = 52 + 32 * headers.size();
        out.position(52);
        for (Header header : headers) {
            out.putInt(header.type).putInt(data).putInt(header.vaddr).putInt(header.vaddr);
            out.putInt(header.bytes.length).putInt(header.memoryBytes);
            out.putInt(header.flags).putInt(4);
            out.put(data, header.bytes);
            data += header.bytes.length;
        }
        out.position(data);
        int strings = putSymbols(out, data);
        int sections = out.position();
        section(out, 0, 0, 0, 0);
        section(out, 2, data, strings - data, 2);
        section(out, 3, strings, sections - strings, 0);
        int end = out.position();
        header(out, sections);
        byte[] file = new byte[end];
        out.get(0, file);
        return file;
    }

    private int putSymbols(ByteBuffer out, int data) {
        ByteBuffer names = ByteBuffer.allocate(1024).put((byte) 0);
        out.position(data + 16);
        for (Label label : labels) {
            out.putInt(names.position()).putInt(label.vaddr).putInt(label.size);
            out.put((byte) label.info).put((byte) 0).putShort((short) 1);
            names.put(label.name.getBytes(StandardCharsets.UTF_8)).put((byte) 0);
        }
        int strings = out.position();
        out.put(names.array(), 0, names.position());
        return strings;
    }

    private static void section(ByteBuffer out, int type, int offset, int size, int link) {
        out.putInt(0).putInt(type).putInt(0).putInt(0).putInt(offset).putInt(size);
        out.putInt(link).putInt(0).putInt(0).putInt(0);
    }

    private void header(ByteBuffer out, int sections) {
        byte data = (byte) (order == ByteOrder.BIG_ENDIAN ? 2 : 1);
        out.put(0, new byte[] {0x7f, 'E', 'L', 'F', 1, data, 1});
        out.putShort(16, (short) 2).putShort(18, (short) 8).putInt(20, 1);
        out.putInt(24, entry).putInt(28, 52).putInt(32, sections).putInt(36, 0x1000);
        out.putShort(40, (short) 52).putShort(42, (short) 32);
        out.putShort(44, (short) headers.size());
        out.putShort(46, (short) 40).putShort(48, (short) 3);
    }
}
