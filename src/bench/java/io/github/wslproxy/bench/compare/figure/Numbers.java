package io.github.wslproxy.bench.compare.figure;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers as a table shows them. */
final class Numbers {
    private static final MathContext DIGITS = new MathContext(3);

    private Numbers() {}

    /** Three digits that count; more only before the point. */
    static String rounded(double value) {
        return Math.abs(value) >= 1000
                ? Long.toString(Math.round(value))
                : shortest(new BigDecimal(value).round(DIGITS).doubleValue());
    }

    static String shortest(double value) {
        return value == 0 ? "0" : BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
