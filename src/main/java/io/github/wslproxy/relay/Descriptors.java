package io.github.wslproxy.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How many of the descriptors of this process listeners may take. One range of ports has thousands; with all
 * descriptors taken no connection could be accepted, and no edited configuration read.
 */
final class Descriptors {
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Pattern OPEN_FILES = Pattern.compile("Max open files +(\\d+) .*");

    /** One descriptor of four is kept for connections and sessions, ... */
    private static final int SHARE = 4;

    /** ... up to this number. */
    private static final int MOST_KEPT = 3000;

    /** The program itself has some files open. */
    private static final int OF_THE_PROGRAM = 40;

    private Descriptors() {}

    /** Asks the system; if it does not say, no limit is known. */
    static int forListeners() {
        try (Stream<String> lines = Files.lines(LIMITS)) {
            return lines.map(OPEN_FILES::matcher)
                    .filter(Matcher::matches)
                    .map(match -> match.group(1))
                    .findFirst()
                    .map(Descriptors::forListeners)
                    .orElse(Integer.MAX_VALUE);
        } catch (IOException noLinux) {
            return Integer.MAX_VALUE;
        }
    }

    /** @param openFiles how many there may be, in decimal digits */
    static int forListeners(String openFiles) {
        long most = openFiles.length() > 9 ? Integer.MAX_VALUE : Long.parseLong(openFiles);
        return (int) Math.max(1, most - Math.min(most / SHARE, MOST_KEPT) - OF_THE_PROGRAM);
    }
}
