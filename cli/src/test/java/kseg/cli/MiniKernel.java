package kseg.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import kseg.isa.Assembler;

/** Kernels of a few instructions, assembled into ELF files. */
final class MiniKernel {
    private static final int ENTRY = 0x80001000;
    private static final int HEADER_BYTES = 52 + 32;

    private MiniKernel() {}

    static void write(Path file, String source) throws IOException {
        int[] words = Assembler.assemble(source, ENTRY);
        ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + 4 * words.length);
        out.put(new byte[] {0x7f, 'E', 'L', 'F', 1, 2, 1}).position(16);
        out.putShort((short) 2).putShort((short) 8).putInt(1).putInt(ENTRY).putInt(52);
        out.putInt(0).putInt(0).putShort((short) 52).putShort((short) 32).putShort((short) 1);
        out.position(52);
        out.putInt(1).putInt(HEADER_BYTES).putInt(ENTRY).putInt(ENTRY);
        out.putInt(4 * words.length).putInt(4 * words.length).putInt(5).putInt(4);
        for (int word : words) {
            out.putInt(word);
        }
        Files.write(file, out.array());
    }
}
