package io.github.wslproxy.cli;

import io.github.wslproxy.os.OperatingSystem;
import java.io.Console;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Optional;

/** What stands behind stdout. */
final class Terminal {
    private Terminal() {}

    /** Whether a person looks at it. */
    @SuppressWarnings("SystemConsoleNull") // Null before JDK 22, and asked from then on.
    static boolean isThere() {
        Console console = System.console();
        return console != null && isTerminal(console);
    }

    /** Whether a person looks at it and cursor movement (ECMA-48) is understood. */
    static boolean redraws() {
        return isThere() && understandsEscapes();
    }

    /**
     * Whether stdout can hold these characters. A console's character set is that of its font as well: code pages 437
     * and 850 have the half blocks, 1252 has not, UTF-8 has them all.
     */
    static boolean shows(String characters) {
        Charset written = charset("sun.stdout.encoding").orElseGet(Charset::defaultCharset);
        Charset expected = charset("stdout.encoding")
                .or(() -> charset("sun.stdout.encoding"))
                .or(() -> charset("native.encoding"))
                .orElse(written);
        return shows(characters, written, expected);
    }

    /**
     * The same of a console.
     *
     * @param written how picocli's writers encode (CommandLine.getStdoutEncoding), which is not what each console
     *     expects
     */
    static boolean shows(String characters, Charset written, Charset expected) {
        return written.equals(expected)
                && written.canEncode()
                && written.newEncoder().canEncode(characters);
    }

    private static Optional<Charset> charset(String property) {
        String name = System.getProperty(property, "");
        try {
            return name.isEmpty() ? Optional.empty() : Optional.of(Charset.forName(name));
        } catch (IllegalArgumentException noSuchCharset) {
            return Optional.empty();
        }
    }

    /**
     * Asks the person in front of the console for a yes or a no; the end of the input is a no.
     *
     * @param byDefault what an empty line means
     * @return empty if nobody can be asked
     */
    @SuppressWarnings("SystemConsoleNull")
    static Optional<Boolean> confirms(String question, boolean byDefault) {
        Console console = System.console();
        if (console == null || !isTerminal(console)) {
            return Optional.empty();
        }
        String line = console.readLine("%s %s ", question, byDefault ? "[Y/n]" : "[y/N]");
        if (line == null) {
            return Optional.of(false);
        }
        String answer = line.strip().toLowerCase(Locale.ROOT);
        return Optional.of(answer.isEmpty() ? byDefault : answer.matches("y|yes"));
    }

    /**
     * From JDK 22 on there is a console object for pipes too, which can be asked; by reflection, as 17 has no such
     * method.
     */
    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException before22) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    /**
     * The old console window of Windows prints them as they are unless a program asks it not to; Windows Terminal does.
     */
    private static boolean understandsEscapes() {
        if (OperatingSystem.isWindows()) {
            return System.getenv("WT_SESSION") != null;
        }
        String kind = System.getenv("TERM");
        return kind != null && !kind.equals("dumb");
    }
}
