package kseg.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import kseg.config.UserError;
import kseg.config.UserErrorException;

/** The backslash escapes of C strings. */
final class Escapes {
    static final String SPELLING =
            "escapes: \\n \\r \\t \\e \\b \\\\ \\\" \\xHH and up to three octal digits";

    private final String text;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int at;

    private Escapes(String text) {
        this.text = text;
    }

    /** The bytes a text with escapes stands for; other characters as UTF-8. */
    static byte[] parse(String text) throws UserErrorException {
        return new Escapes(text).bytes();
    }

    private byte[] bytes() throws UserErrorException {
        while (at < text.length()) {
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            if (c == '\\') {
                escape();
            } else {
                out.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        return out.toByteArray();
    }

    private void escape() throws UserErrorException {
        char c = at < text.length() ? text.charAt(at++) : '\0';
        switch (c) {
            case 'n' -> out.write('\n');
            case 'r' -> out.write('\r');
            case 't' -> out.write('\t');
            case 'e' -> out.write(0x1b);
            case 'a' -> out.write(0x07);
            case 'b' -> out.write('\b');
            case '\\', '"', '\'' -> out.write(c);
            case 'x' -> number(16, 2);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                at--;
                number(8, 3);
            }
            default -> throw wrong();
        }
    }

    private void number(int radix, int most) throws UserErrorException {
        int value = 0;
        int digits = 0;
        while (digits < most && at < text.length()) {
            int digit = Character.digit(text.charAt(at), radix);
            if (digit < 0) {
                break;
            }
            value = value * radix + digit;
            digits++;
            at++;
        }
        if (digits == 0 || value > 0xff) {
            throw wrong();
        }
        out.write(value);
    }

    private UserErrorException wrong() {
        return new UserErrorException(
                new UserError.Usage("\"" + text + "\" has a wrong escape", SPELLING));
    }
}
