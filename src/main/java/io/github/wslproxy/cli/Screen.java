package io.github.wslproxy.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.Supplier;

/**
 * Lines that are drawn over the last ones, on the alternate screen of the terminal (ECMA-48 and xterm's private modes),
 * so that what was there before comes back. Not for several threads.
 */
final class Screen implements AutoCloseable {
    private static final String ALTERNATE = "\033[?1049h";
    private static final String NORMAL = "\033[?1049l";
    private static final String HIDE_CURSOR = "\033[?25l";
    private static final String SHOW_CURSOR = "\033[?25h";

    /** A line that is too long is cut, so that each takes one row (DECAWM). */
    private static final String NO_WRAP = "\033[?7l";

    private static final String WRAP = "\033[?7h";
    private static final String HOME = "\033[H";

    /** Before its text: behind a text that reaches the last column it would take the last character away. */
    private static final String CLEAR_LINE = "\033[2K";

    private static final String CLEAR_BELOW = "\033[J";

    private final PrintWriter out;
    private final Supplier<TerminalSize> size;

    /**
     * Opens it.
     *
     * @param size is asked at each drawing
     */
    Screen(PrintWriter out, Supplier<TerminalSize> size) {
        this.out = out;
        this.size = size;
        out.print(ALTERNATE + HIDE_CURSOR + NO_WRAP);
    }

    int columns() {
        return size.get().columns();
    }

    /** Draws as many as fit; the last row tells if there are more. */
    void draw(List<String> lines) {
        TerminalSize now = size.get();
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

    /** The terminal as it was. May be repeated. */
    @Override
    public void close() {
        out.print(WRAP + SHOW_CURSOR + NORMAL);
        out.flush();
    }
}
