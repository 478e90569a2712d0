package io.github.wslproxy.cli;

import java.io.Console;
import java.util.Locale;

/** What stands behind stdout. */
final class Terminal {
    private Terminal() {}

    /** Whether a person looks at it and cursor movement (ECMA-48) is understood. */
    @SuppressWarnings("SystemConsoleNull") // Null before JDK 22, and asked from then on.
    static boolean redraws() {
        Console console = System.console();
        return console != null && isTerminal(console) && understandsEscapes();
    }

    /** What a person answers, yes being the default; yes if there is nobody to ask. */
    @SuppressWarnings("SystemConsoleNull")
    static boolean confirms(String question) {
        Console console = System.console();
        if (console == null || !isTerminal(console)) {
            return true;
        }
        String answer = console.readLine("%s", question);
        return answer != null && !answer.strip().toLowerCase(Locale.ROOT).startsWith("n");
    }

    /** From JDK 22 on there is a console object for pipes too, which can be asked; by reflection, as 17 has no such method. */
    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException before22) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    /** The old console window of Windows prints them as they are unless a program asks it not to; Windows Terminal does. */
    private static boolean understandsEscapes() {
        if (System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows")) {
            return System.getenv("WT_SESSION") != null;
        }
        String kind = System.getenv("TERM");
        return kind != null && !kind.equals("dumb");
    }
}
