package kseg.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The end of what a guest has printed. */
final class RecentText {
    private static final int BYTES = 4096;
    private static final int LONGEST_LINE = 160;

    private final byte[] ring = new byte[BYTES];
    private long count;

    void add(int character) {
        ring[(int) (count++ % BYTES)] = (byte) character;
    }

    /** The last lines that are not empty, oldest first; what cannot be printed is left out. */
    List<String> lines(int most) {
        int length = (int) Math.min(count, BYTES);
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = ring[(int) ((count - length + i) % BYTES)];
        }
        List<String> lines = new ArrayList<>();
        for (String line : new String(bytes, StandardCharsets.UTF_8).split("[\r\n]+", -1)) {
            String shown = line.replaceAll("\\p{Cntrl}", "").stripTrailing();
            if (!shown.isEmpty()) {
                lines.add(
                        shown.length() > LONGEST_LINE
                                ? shown.substring(0, LONGEST_LINE) + "..."
                                : shown);
            }
        }
        return lines.subList(Math.max(0, lines.size() - most), lines.size());
    }
}
