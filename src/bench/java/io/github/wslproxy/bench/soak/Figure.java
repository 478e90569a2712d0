package io.github.wslproxy.bench.soak;

import java.util.Locale;

/**
 * One row of the report.
 *
 * @param start at the first quiet moment
 * @param warm at the one that ended the warm-up
 * @param end at the last
 * @param perHour the slope from the end of the warm-up on
 * @param limit in words
 * @param holds whether the limit was kept
 */
record Figure(String name, double start, double warm, double end, double perHour, String limit, boolean holds) {

    String line() {
        return String.format(
                Locale.ROOT,
                "%-26s %9.1f %9.1f %9.1f %+10.2f  %-32s %s",
                name,
                start,
                warm,
                end,
                perHour,
                limit,
                holds ? "ok" : "FAILED");
    }

    static String header() {
        return String.format(
                Locale.ROOT,
                "%-26s %9s %9s %9s %10s  %-32s %s",
                "at quiet moments",
                "start",
                "warm",
                "end",
                "per hour",
                "limit",
                "verdict");
    }
}
