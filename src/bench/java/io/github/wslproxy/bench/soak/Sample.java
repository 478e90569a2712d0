package io.github.wslproxy.bench.soak;

import java.util.Locale;
import java.util.Optional;

/**
 * The proxy at one moment.
 *
 * @param minutes since the soak began
 * @param directBytes empty if this version does not tell
 * @param heldHeapBytes of the old generation, which garbage leaves late; empty between quiet moments
 * @param bytes relayed so far
 * @param cpuSeconds used so far
 * @param logBytes of its log, with what was rolled away and is kept
 * @param busy the share of all cores that was in use since the look before, by whatever program
 */
record Sample(
        double minutes,
        long residentBytes,
        Optional<Long> directBytes,
        Optional<Long> heldHeapBytes,
        int descriptors,
        int threads,
        long links,
        long sessions,
        int children,
        long bytes,
        double cpuSeconds,
        long logBytes,
        double busy) {

    /** The names of {@link #values}. */
    static final String HEADER =
            "minutes,resident_bytes,direct_bytes,descriptors,threads,links,sessions,bytes,cpu_seconds";

    /** One line of a table of numbers, for a picture or a spreadsheet. */
    String values() {
        return String.format(
                Locale.ROOT,
                "%.4f,%d,%s,%d,%d,%d,%d,%d,%.3f",
                minutes,
                residentBytes,
                directBytes.map(String::valueOf).orElse(""),
                descriptors,
                threads,
                links,
                sessions,
                bytes,
                cpuSeconds);
    }
}
