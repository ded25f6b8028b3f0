package kseg.cli;

/** Writes JSON, one field a line. */
final class JsonWriter {
    private final StringBuilder out = new StringBuilder();
    private int depth;
    private boolean first = true;

    JsonWriter open() {
        next();
        return bracket('{');
    }

    JsonWriter close() {
        return end('}');
    }

    JsonWriter object(String name) {
        name(name);
        return bracket('{');
    }

    JsonWriter array(String name) {
        name(name);
        return bracket('[');
    }

    JsonWriter closeArray() {
        return end(']');
    }

    JsonWriter field(String name, long value) {
        name(name);
        out.append(value);
        return this;
    }

    /** A number already spelled as JSON wants it. */
    JsonWriter number(String name, String value) {
        name(name);
        out.append(value);
        return this;
    }

    JsonWriter field(String name, String value) {
        name(name);
        quote(value);
        return this;
    }

    @Override
    public String toString() {
        return out + "\n";
    }

    private void name(String name) {
        next();
        quote(name);
        out.append(": ");
    }

    private void next() {
        if (!first) {
            out.append(',');
        }
        if (depth > 0) {
            out.append('\n').append("  ".repeat(depth));
        }
        first = false;
    }

    private JsonWriter bracket(char bracket) {
        out.append(bracket);
        depth++;
        first = true;
        return this;
    }

    private JsonWriter end(char bracket) {
        depth--;
        if (!first) {
            out.append('\n').append("  ".repeat(depth));
        }
        out.append(bracket);
        first = false;
        return this;
    }

    private void quote(String text) {
        out.append(quoted(text));
    }

    /** A string as JSON writes it. */
    static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                default -> out.append(c < ' ' ? "\\u%04x".formatted((int) c) : String.valueOf(c));
            }
        }
        return out.append('"').toString();
    }
}
