package kseg.cli;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers as C's printf writes them, where Java's formats differ. */
final class CFormat {
    private static final int DIGITS = 6;

    private CFormat() {}

    /** As {@code %g}: six significant digits without trailing zeros, an exponent if it is far. */
    static String g(double value) {
        if (value == 0) {
            return "0";
        }
        BigDecimal rounded =
                new BigDecimal(value).round(new MathContext(DIGITS)).stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent >= -4 && exponent < DIGITS) {
            return rounded.toPlainString();
        }
        BigDecimal mantissa = rounded.movePointLeft(exponent);
        String sign = exponent < 0 ? "-" : "+";
        return "%se%s%02d".formatted(mantissa.toPlainString(), sign, Math.abs(exponent));
    }
}
