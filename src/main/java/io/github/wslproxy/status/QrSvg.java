package io.github.wslproxy.status;

import io.nayuki.qrcodegen.QrCode;

/** A QR code as a picture, dark on light whatever the colours of the page are, with the quiet zone of the standard. */
final class QrSvg {
    private static final int QUIET = 4;

    private QrSvg() {}

    /** @param text a URL or less: some hundred characters at most */
    static String of(String text) {
        QrCode code = QrCode.encodeText(text, QrCode.Ecc.MEDIUM);
        int side = code.size + 2 * QUIET;
        StringBuilder dark = new StringBuilder();
        for (int y = 0; y < code.size; y++) {
            for (int x = 0; x < code.size; x++) {
                if (code.getModule(x, y)) {
                    dark.append('M')
                            .append(x + QUIET)
                            .append(' ')
                            .append(y + QUIET)
                            .append("h1v1h-1z");
                }
            }
        }
        return """
                <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%1$d" viewBox="0 0 %2$d %2$d" \
                shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%2$dv%2$dH0z"/><path d="%3$s"/></svg>
                """.formatted(8 * side, side, dark);
    }
}
