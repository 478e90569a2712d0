package io.github.wslproxy.cli;

import io.github.wslproxy.app.LanUrls;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** Whether a QR code is drawn: on a terminal only, as a pipe or a screen reader would get its squares as text. */
final class QrOption {
    /** A URL of a LAN has some 50 characters. What is longer came from a stranger, and fits on no screen. */
    private static final int LONGEST = 200;

    @Option(names = "--no-qr", description = "Draw no QR code. Without a terminal there is none anyway.")
    private boolean off;

    private final Supplier<Optional<TerminalQrCode.Style>> terminal;

    QrOption() {
        this(() -> Terminal.isThere() ? Optional.of(TerminalQrCode.Style.ofThisTerminal()) : Optional.empty());
    }

    /** @param terminal what it shows; empty if there is none */
    QrOption(Supplier<Optional<TerminalQrCode.Style>> terminal) {
        this.terminal = terminal;
    }

    /** The QR code of a URL that a browser opens; empty for any other text, and if no code is wanted. */
    List<String> lines(String url) {
        boolean drawn = !off && LanUrls.isWeb(url) && url.length() <= LONGEST;
        return drawn
                ? terminal.get().map(style -> TerminalQrCode.lines(url, style)).orElse(List.of())
                : List.of();
    }
}
