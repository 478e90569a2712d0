package io.github.wslproxy.os;

import java.util.Locale;

/** Which kind of system this is. */
public final class OperatingSystem {
    private OperatingSystem() {}

    public static boolean isWindows() {
        return is("windows");
    }

    public static boolean isLinux() {
        return is("linux");
    }

    private static boolean is(String kind) {
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith(kind);
    }
}
