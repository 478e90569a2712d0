package io.github.wslproxy.cli;

import io.nayuki.qrcodegen.QrCode;
import java.util.ArrayList;
import java.util.List;

/** A QR code in a terminal, two characters for each module, with the quiet zone that the standard asks for. */
final class QrText {
    private static final int QUIET = 4;
    private static final String RESET = "\u001b[0m";

    /** What a dark and a light module look like. Not every phone reads a code whose colours are turned round. */
    enum Style {
        /** Colours of its own, whatever those of the terminal are (ECMA-48). */
        COLOURED("\u001b[40m  ", "\u001b[107m  "),
        /** For the console of Windows and most others: what is printed is light. */
        LIGHT_TEXT("  ", "##"),
        /** For a file or a pipe: what is printed is dark. */
        DARK_TEXT("##", "  ");

        private final String dark;
        private final String light;

        Style(String dark, String light) {
            this.dark = dark;
            this.light = light;
        }

        static Style ofThisTerminal() {
            if (!Terminal.isThere()) {
                return DARK_TEXT;
            }
            return Terminal.redraws() && System.getenv("NO_COLOR") == null ? COLOURED : LIGHT_TEXT;
        }
    }

    private QrText() {}

    /** @param text a URL or less: some hundred characters at most */
    static List<String> lines(String text, Style style) {
        QrCode code = QrCode.encodeText(text, QrCode.Ecc.MEDIUM);
        List<String> lines = new ArrayList<>();
        for (int y = -QUIET; y < code.size + QUIET; y++) {
            StringBuilder line = new StringBuilder();
            for (int x = -QUIET; x < code.size + QUIET; x++) {
                line.append(code.getModule(x, y) ? style.dark : style.light);
            }
            lines.add(style == Style.COLOURED ? line + RESET : line.toString());
        }
        return lines;
    }
}
