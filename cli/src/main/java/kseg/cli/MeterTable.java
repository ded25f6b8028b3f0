package kseg.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringTokenizer;
import kseg.config.UserError;
import kseg.config.UserErrorException;

/**
 * What stat161 makes of the lines of a meter: a table of what each interval added, its columns as
 * wide as the meter asks and never narrower again, with a heading every 22 lines.
 */
final class MeterTable {
    private static final int LINES_PER_HEADING = 22;
    private static final String VERSION = "2";

    private final PrintStream out;
    private final List<Column> columns = new ArrayList<>();
    private int linesSinceHeading = LINES_PER_HEADING;

    private static final class Column {
        private String heading = "??";
        private int width;
        private long last;
    }

    MeterTable(PrintStream out) {
        this.out = out;
    }

    /** Takes a line of the protocol. */
    void take(String line) throws UserErrorException {
        StringTokenizer tokens = new StringTokenizer(line, " \t\r\n");
        if (!tokens.hasMoreTokens()) {
            return;
        }
        String kind = tokens.nextToken().toLowerCase(Locale.ROOT);
        List<String> words = new ArrayList<>();
        while (tokens.hasMoreTokens()) {
            words.add(tokens.nextToken());
        }
        switch (kind) {
            case "hello" -> greet(words);
            case "head" -> headings(words);
            case "width" -> widths(words);
            case "data" -> row(words);
            case "bad" -> out.print("stat161: sys161 error: " + String.join(" ", words) + "\n");
            case "ok", "error" -> {}
            default -> out.print("stat161: Invalid packet (improper header)\n");
        }
    }

    private static void greet(List<String> words) throws UserErrorException {
        if (words.size() == 1 && !words.getFirst().equals(VERSION)) {
            String what = "Wrong protocol version " + words.getFirst();
            throw new UserErrorException(new UserError.Usage(what, ""));
        }
    }

    private void headings(List<String> words) {
        columns.clear();
        for (String word : words) {
            Column column = new Column();
            column.heading = word;
            column.width = word.length();
            columns.add(column);
        }
    }

    private void widths(List<String> words) {
        for (int i = 0; i < Math.min(words.size(), columns.size()); i++) {
            Column column = columns.get(i);
            column.width = Math.max(column.width, (int) number(words.get(i)));
        }
    }

    private void row(List<String> words) {
        if (words.size() != columns.size()) {
            out.print("stat161: Invalid packet (wrong number of fields)\n");
            return;
        }
        if (linesSinceHeading >= LINES_PER_HEADING) {
            out.print("\n");
            columns.forEach(column -> print(column.heading, column.width));
            out.print("\n");
            linesSinceHeading = 0;
        }
        for (int i = 0; i < words.size(); i++) {
            Column column = columns.get(i);
            long value = number(words.get(i));
            String added = Long.toUnsignedString(value - column.last);
            column.last = value;
            column.width = Math.max(column.width, added.length());
            print(added, column.width);
        }
        out.print("\n");
        linesSinceHeading++;
    }

    private void print(String text, int width) {
        out.print(text + " ".repeat(Math.max(0, width - text.length()) + 1));
    }

    /** Leading digits, as the original reads them. */
    private static long number(String text) {
        long value = 0;
        for (int i = 0; i < text.length() && Character.isDigit(text.charAt(i)); i++) {
            value = value * 10 + (text.charAt(i) - '0');
        }
        return value;
    }
}
