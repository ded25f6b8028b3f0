package kseg.isa;

import java.util.Map;

/**
 * Evaluates an operand's expression by recursive descent. Arithmetic is modulo 2^32.
 *
 * <pre>
 * sum  = term { ("+" | "-") term }
 * term = "-" term | number | label | "." | ("%hi" | "%lo") "(" sum ")"
 * </pre>
 */
final class Expression {
    private final String text;
    private final int here;
    private final Map<String, Integer> labels;
    private int position;

    private Expression(String text, int here, Map<String, Integer> labels) {
        this.text = text;
        this.here = here;
        this.labels = labels;
    }

    /**
     * The value of an expression.
     *
     * @param here the value of "."
     * @throws IllegalArgumentException saying what is wrong
     */
    static int evaluate(String text, int here, Map<String, Integer> labels) {
        var expression = new Expression(text, here, labels);
        int value = expression.sum();
        if (expression.position < text.length()) {
            throw new IllegalArgumentException("not an expression: " + text);
        }
        return value;
    }

    private int sum() {
        int value = term();
        while (true) {
            if (accept("+")) {
                value += term();
            } else if (accept("-")) {
                value -= term();
            } else {
                return value;
            }
        }
    }

    private int term() {
        if (accept("-")) {
            return -term();
        }
        if (accept("%hi(")) { // of a pair whose lower half is added sign-extended
            return parenthesised() + 0x8000 >>> 16;
        }
        if (accept("%lo(")) {
            return (short) parenthesised();
        }
        String name = word();
        if (name.isEmpty()) {
            throw new IllegalArgumentException("not an expression: " + text);
        }
        if (name.equals(".")) {
            return here;
        }
        if (Character.isDigit(name.charAt(0))) {
            return number(name);
        }
        Integer value = labels.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no such label: " + name);
        }
        return value;
    }

    private int parenthesised() {
        int value = sum();
        if (!accept(")")) {
            throw new IllegalArgumentException("missing parenthesis: " + text);
        }
        return value;
    }

    private static int number(String digits) {
        long value;
        try {
            value = Long.decode(digits);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a number of up to 32 bits: " + digits, e);
        }
        if (value > 0xffff_ffffL) {
            throw new IllegalArgumentException("not a number of up to 32 bits: " + digits);
        }
        return (int) value;
    }

    private String word() {
        skipBlanks();
        int start = position;
        while (position < text.length() && isWordPart(text.charAt(position))) {
            position++;
        }
        return text.substring(start, position);
    }

    private static boolean isWordPart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '$';
    }

    private boolean accept(String token) {
        skipBlanks();
        if (text.startsWith(token, position)) {
            position += token.length();
            return true;
        }
        return false;
    }

    private void skipBlanks() {
        while (position < text.length() && text.charAt(position) == ' ') {
            position++;
        }
    }
}
