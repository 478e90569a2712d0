package io.github.wslproxy.cli;

import io.nayuki.qrcodegen.QrCode;
import java.util.ArrayList;
import java.util.List;

/** A QR code in a terminal, with the quiet zone that the standard asks for. */
final class TerminalQrCode {
    private static final int QUIET = 4;
    private static final String RESET = "\u001b[0m";

    /** Both halves, the upper one, the lower one. */
    private static final String HALF_BLOCKS = "\u2588\u2580\u2584";

    /**
     * How dark and light modules look: two characters for each, or one for each two that are one above the other. Not
     * every phone reads a code whose colours are turned round.
     */
    enum Style {
        /** Half blocks, bright white on black whatever the colours of the terminal are (ECMA-48). */
        COLOURED_HALVES(true, "\u001b[97;40m"),
        /** Half blocks, for the console of Windows and most others, where what is printed is light. */
        LIGHT_HALVES(true, ""),
        /** Two blanks a module, on colours of its own. */
        COLOURED("\u001b[40m  ", "\u001b[107m  "),
        /** Two characters a module, for the console of Windows and most others, where what is printed is light. */
        LIGHT_TEXT("  ", "##");

        private final boolean halves;
        private final String dark;
        private final String light;
        private final String lineStart;

        Style(boolean halves, String lineStart) {
            this.halves = halves;
            this.dark = "";
            this.light = "";
            this.lineStart = lineStart;
        }

        Style(String dark, String light) {
            this.halves = false;
            this.dark = dark;
            this.light = light;
            this.lineStart = "";
        }

        /** What suits whoever looks at stdout. */
        static Style ofThisTerminal() {
            return of(Terminal.redraws() && System.getenv("NO_COLOR") == null, Terminal.shows(HALF_BLOCKS));
        }

        static Style of(boolean colours, boolean halfBlocks) {
            if (halfBlocks) {
                return colours ? COLOURED_HALVES : LIGHT_HALVES;
            }
            return colours ? COLOURED : LIGHT_TEXT;
        }
    }

    private TerminalQrCode() {}

    /** @param text a URL or less: some hundred characters at most */
    static List<String> lines(String text, Style style) {
        QrCode code = QrCode.encodeText(text, QrCode.Ecc.MEDIUM);
        List<String> lines = new ArrayList<>();
        for (int y = -QUIET; y < code.size + QUIET; y += style.halves ? 2 : 1) {
            StringBuilder line = new StringBuilder(style.lineStart);
            for (int x = -QUIET; x < code.size + QUIET; x++) {
                line.append(style.halves ? halves(code, x, y) : code.getModule(x, y) ? style.dark : style.light);
            }
            boolean coloured = style == Style.COLOURED || style == Style.COLOURED_HALVES;
            lines.add(coloured ? line + RESET : line.toString());
        }
        return lines;
    }

    /**
     * Prints the light ones of two modules. A code has an odd number of rows: what is below the last one is left dark.
     */
    private static String halves(QrCode code, int x, int y) {
        boolean upper = !code.getModule(x, y);
        boolean lower = y + 1 < code.size + QUIET && !code.getModule(x, y + 1);
        if (upper && lower) {
            return HALF_BLOCKS.substring(0, 1);
        }
        return upper ? HALF_BLOCKS.substring(1, 2) : lower ? HALF_BLOCKS.substring(2) : " ";
    }
}
