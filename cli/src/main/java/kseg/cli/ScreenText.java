package kseg.cli;

import java.util.Arrays;
import kseg.port.DisplaySink;

/** A text screen as it looked last, printed in a frame when the run ends. */
final class ScreenText implements DisplaySink {
    private static final int FIRST_PRINTABLE = 0x20;
    private static final int LAST_PRINTABLE = 0x7e;

    private final int slot;
    private char[][] rows = new char[0][];
    private int columns;
    private boolean used;

    ScreenText(int slot) {
        this.slot = slot;
    }

    @Override
    public void cell(int row, int column, int character) {
        if (row >= rows.length) {
            rows = Arrays.copyOf(rows, row + 1);
        }
        columns = Math.max(columns, column + 1);
        for (int i = 0; i < rows.length; i++) {
            int has = rows[i] == null ? 0 : rows[i].length;
            if (has < columns) {
                rows[i] = has == 0 ? new char[columns] : Arrays.copyOf(rows[i], columns);
                Arrays.fill(rows[i], has, columns, ' ');
            }
        }
        boolean printable = character >= FIRST_PRINTABLE && character <= LAST_PRINTABLE;
        rows[row][column] = printable ? (char) character : character == 0 ? ' ' : '?';
        used |= rows[row][column] != ' ';
    }

    @Override
    public void cursor(int row, int column) {}

    /** Says what the screen shows, unless nothing was ever written to it. */
    void print(Messages messages) {
        if (!used) {
            return;
        }
        String edge = "+" + "-".repeat(columns) + "+";
        messages.say("the screen in slot " + slot + ":");
        messages.say(edge);
        for (char[] row : rows) {
            messages.say("|" + new String(row) + "|");
        }
        messages.say(edge);
    }
}
