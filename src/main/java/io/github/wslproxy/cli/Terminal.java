package io.github.wslproxy.cli;

import io.github.wslproxy.os.CommandRunner;
import io.github.wslproxy.os.ConsoleCharset;
import io.github.wslproxy.os.OperatingSystem;
import io.github.wslproxy.os.ProcessRunner;
import io.github.wslproxy.os.Programs;
import java.io.Console;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The terminal behind stdout, if there is one. */
final class Terminal {
    private Terminal() {}

    /** Writes to stdout as it is now, and flushes each line. */
    static PrintWriter out() {
        return new PrintWriter(new OutputStreamWriter(System.out, ConsoleCharset.ofStdout()), true);
    }

    /** Writes to stderr as it is now, and flushes each line. */
    static PrintWriter err() {
        return new PrintWriter(new OutputStreamWriter(System.err, ConsoleCharset.ofStderr()), true);
    }

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

    /** Whether stdout can hold these characters. */
    static boolean shows(String characters) {
        return shows(characters, ConsoleCharset.ofStdout());
    }

    /**
     * Whether a console can hold these characters. Its character set is that of its font as well: code pages 437 and
     * 850 have the half blocks, 1252 has not, UTF-8 has them all.
     */
    static boolean shows(String characters, Charset charset) {
        return charset.canEncode() && charset.newEncoder().canEncode(characters);
    }

    /**
     * JSON for any console: what is not ASCII becomes an escape, which no console garbles and none obeys.
     *
     * @param json valid, so that other characters stand in its texts only
     */
    static String ascii(String json) {
        StringBuilder ascii = new StringBuilder();
        json.chars().forEach(unit -> {
            boolean plain = unit == '\n' || (unit >= ' ' && unit <= '~');
            ascii.append(plain ? Character.toString((char) unit) : String.format(Locale.ROOT, "\\u%04x", unit));
        });
        return ascii.toString();
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

    /** JDK 22 and later have a console object for pipes too, which can be asked; 17 has no such method. */
    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException before22) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    /** Windows Terminal does. The old console window prints escapes as they are unless a program asks it not to. */
    private static boolean understandsEscapes() {
        if (OperatingSystem.isWindows()) {
            return System.getenv("WT_SESSION") != null;
        }
        String kind = System.getenv("TERM");
        return kind != null && !kind.equals("dumb");
    }

    /** How many characters fit on it. */
    record Size(int rows, int columns) {
        /** The size of a terminal that cannot be asked, as on Windows; it cuts a line that is too long. */
        static final Size USUAL = new Size(24, 120);

        /** The size of an output that is no terminal. */
        static final Size UNLIMITED = new Size(Integer.MAX_VALUE, Integer.MAX_VALUE);

        private static final Duration TIMEOUT = Duration.ofSeconds(1);
        private static final int MOST_OUTPUT = 1024;
        private static final Pattern ANSWER = Pattern.compile("([1-9]\\d{0,4}) ([1-9]\\d{0,4})\\s*");

        /** Asks stty, the one tool of POSIX that knows; blocks for up to two seconds. */
        static Size ask() {
            return OperatingSystem.isWindows()
                    ? USUAL
                    : ask(new ProcessRunner(Optional.empty(), MOST_OUTPUT), Programs.ofThisComputer()::find);
        }

        /** @param place of a program, by its name */
        static Size ask(CommandRunner runner, Function<String, Optional<String>> place) {
            Optional<String> stty = place.apply("stty");
            // GNU and BusyBox name the option -F, the BSDs and macOS -f. It names the terminal, as a child has neither
            // stdin nor stdout of it.
            return Stream.of("-F", "-f")
                    .flatMap(option -> stty
                            .map(program -> List.of(program, option, "/dev/tty", "size"))
                            .flatMap(command -> runner.run(command, TIMEOUT).answer())
                            .flatMap(Size::parse)
                            .stream())
                    .findFirst()
                    .orElse(USUAL);
        }

        /** A terminal that does not know its size says 0 0. */
        private static Optional<Size> parse(String answer) {
            Matcher size = ANSWER.matcher(answer);
            return size.matches()
                    ? Optional.of(new Size(Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2))))
                    : Optional.empty();
        }
    }

    /**
     * Lines that are drawn over the last ones, on the alternate screen of the terminal (ECMA-48 and xterm's private
     * modes), so that what was there before comes back. Not for several threads.
     */
    static final class Screen implements AutoCloseable {
        private static final String ALTERNATE = "\033[?1049h";
        private static final String NORMAL = "\033[?1049l";
        private static final String HIDE_CURSOR = "\033[?25l";
        private static final String SHOW_CURSOR = "\033[?25h";

        /** Cuts a line that is too long, so that each line takes one row (DECAWM). */
        private static final String NO_WRAP = "\033[?7l";

        private static final String WRAP = "\033[?7h";
        private static final String HOME = "\033[H";

        /** Sent before the text of a line: behind a text that fills the row it would take a character away. */
        private static final String CLEAR_LINE = "\033[2K";

        private static final String CLEAR_BELOW = "\033[J";

        private final PrintWriter out;
        private final Supplier<Size> size;

        /**
         * Opens the screen.
         *
         * @param size is asked at each drawing
         */
        Screen(PrintWriter out, Supplier<Size> size) {
            this.out = out;
            this.size = size;
            out.print(ALTERNATE + HIDE_CURSOR + NO_WRAP);
        }

        int columns() {
            return size.get().columns();
        }

        /** Draws as many lines as fit; the last row tells if there are more. */
        void draw(List<String> lines) {
            Size now = size.get();
            StringBuilder text = new StringBuilder(HOME);
            int room = now.rows();
            int shown = lines.size() <= room ? lines.size() : room - 1;
            for (int i = 0; i < shown; i++) {
                text.append(CLEAR_LINE)
                        .append(TextTable.cut(lines.get(i), now.columns()))
                        .append(i + 1 < room ? "\r\n" : "");
            }
            if (shown < lines.size()) {
                text.append(CLEAR_LINE).append("(" + (lines.size() - shown) + " more lines; wslproxy status has all)");
            } else if (shown < room) {
                text.append(CLEAR_BELOW);
            }
            out.print(text);
            out.flush();
        }

        /** Restores the terminal. May be repeated. */
        @Override
        public void close() {
            out.print(WRAP + SHOW_CURSOR + NORMAL);
            out.flush();
        }
    }
}
