package kseg.verify;

/**
 * Words in physical memory.
 *
 * @param paddr of the first word
 * @param words in the CPU's byte order
 */
@SuppressWarnings("ArrayRecordComponent") // large, and compared as objects
public record Part(int paddr, int[] words) {
    byte[] bytes(boolean littleEndian) {
        byte[] bytes = new byte[4 * words.length];
        for (int i = 0; i < bytes.length; i++) {
            int shift = 8 * (littleEndian ? i & 3 : 3 - (i & 3));
            bytes[i] = (byte) (words[i >> 2] >>> shift);
        }
        return bytes;
    }
}
