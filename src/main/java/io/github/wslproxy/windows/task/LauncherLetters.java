package io.github.wslproxy.windows.task;

import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The letters that java.exe and javaw.exe take. They turn their command line into the ANSI code page of Windows (JDK:
 * launcher/main.c, 1d6c2ea6), so of a letter that it lacks comes another one, and the path leads nowhere.
 *
 * @param codePage can encode
 */
public record LauncherLetters(Charset codePage) {
    /** Those of the Windows that this runs on. */
    public static LauncherLetters ofThisJava() {
        return new LauncherLetters(Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8")));
    }

    boolean take(String path) {
        return codePage.newEncoder().canEncode(path);
    }

    /** Says which letters of a path are the problem; empty if there is none. */
    Optional<String> problem(String path) {
        return take(path)
                ? Optional.empty()
                : Optional.of(path + " has letters that Java cannot be started with on this Windows, as its code page "
                        + codePage + " lacks them: " + lacking(path));
    }

    private String lacking(String path) {
        CharsetEncoder encoder = codePage.newEncoder();
        return path.codePoints()
                .distinct()
                .filter(letter -> !encoder.canEncode(Character.toString(letter)))
                .mapToObj(letter -> Character.toString(letter) + String.format(Locale.ROOT, " (U+%04X)", letter))
                .collect(Collectors.joining(", "));
    }
}
