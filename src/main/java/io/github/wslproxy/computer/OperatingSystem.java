package io.github.wslproxy.computer;

import java.util.Locale;

/** Which of the two kinds of system this is. */
public final class OperatingSystem {
    private OperatingSystem() {}

    public static boolean isWindows() {
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
    }
}
