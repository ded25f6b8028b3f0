package kseg.config;

import java.util.OptionalLong;

/** Numbers and sizes as System/161 spells them. Values are never negative. */
public final class Numbers {
    private Numbers() {}

    /** The spelling of sizes, for hints. */
    public static final String SIZE_SPELLING =
            "a size is a number with an optional suffix: b bytes, s 512-byte sectors, k, m or g";

    /**
     * A number in C's notation: decimal, {@code 0x} hexadecimal or leading-0 octal. Empty if it is
     * none.
     */
    public static OptionalLong parse(String text) {
        if (text.startsWith("0x") || text.startsWith("0X")) {
            return parse(text.substring(2), 16);
        }
        if (text.length() > 1 && text.charAt(0) == '0') {
            return parse(text.substring(1), 8);
        }
        return parse(text, 10);
    }

    /** A decimal number; leading zeros mean nothing. Empty if it is none. */
    public static OptionalLong parseDecimal(String text) {
        return parse(text, 10);
    }

    /**
     * A size in bytes: a number with suffix {@code b}, {@code s} (512), {@code k}, {@code m} or
     * {@code g} (powers of 1024; these three also as capitals) or none. Empty if it is none or does
     * not fit 63 bits.
     */
    public static OptionalLong parseSize(String text) {
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        boolean hex = text.startsWith("0x") || text.startsWith("0X");
        int shift =
                switch (text.charAt(text.length() - 1)) {
                    case 'b' -> hex ? -1 : 0;
                    case 's' -> 9;
                    case 'k', 'K' -> 10;
                    case 'm', 'M' -> 20;
                    case 'g', 'G' -> 30;
                    default -> -1;
                };
        OptionalLong number = parse(shift < 0 ? text : text.substring(0, text.length() - 1));
        if (number.isEmpty() || shift <= 0) {
            return number;
        }
        long value = number.getAsLong();
        return value > Long.MAX_VALUE >> shift
                ? OptionalLong.empty()
                : OptionalLong.of(value << shift);
    }

    /** A size for people: the largest unit that divides it, such as {@code 4M}, or plain bytes. */
    public static String showSize(long bytes) {
        if (bytes != 0 && bytes % (1L << 30) == 0) {
            return (bytes >> 30) + "G";
        }
        if (bytes != 0 && bytes % (1L << 20) == 0) {
            return (bytes >> 20) + "M";
        }
        if (bytes != 0 && bytes % (1L << 10) == 0) {
            return (bytes >> 10) + "K";
        }
        return Long.toString(bytes);
    }

    private static OptionalLong parse(String digits, int radix) {
        if (digits.isEmpty()) {
            return OptionalLong.empty();
        }
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, radix) : -1;
            if (digit < 0 || value > (Long.MAX_VALUE - digit) / radix) {
                return OptionalLong.empty();
            }
            value = value * radix + digit;
        }
        return OptionalLong.of(value);
    }
}
