package io.github.wslproxy.wsl;

import java.util.Locale;

/** Which of the two kinds of system this is. */
final class OperatingSystem {
    private OperatingSystem() {}

    static boolean isWindows() {
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
    }
}
