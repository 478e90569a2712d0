package io.github.wslproxy.demo;

import io.github.wslproxy.forward.IpLiteral;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How a person sees the demo. Called from one thread. */
public sealed interface DemoView permits LineView, TableView {

    /**
     * Makes one.
     *
     * @param redraws whether {@code out} is a terminal that understands cursor movement (ECMA-48); else it gets plain
     *     lines
     */
    static DemoView on(PrintWriter out, boolean redraws) {
        return redraws ? new TableView(out) : new LineView(out);
    }

    /** Everything runs; {@code lan} is this computer's address for a phone, if it has one. */
    void begin(List<Watched> clients, Optional<InetAddress> lan);

    /** Several times a second: how things stand; {@code vm} is an address, or what the VM does instead. */
    void now(Duration elapsed, String vm, List<Watched> clients);

    /** Something that is worth a line. */
    void event(Duration elapsed, String what);

    /** It is over; {@code broken} says which checks did not hold. */
    void end(int moves, List<String> broken);

    /** The line that explains what to look at, with the URL to try from a phone. */
    static List<String> introduction(List<Watched> clients, Optional<InetAddress> lan) {
        int webPort = clients.get(0).port();
        String phone = lan.map(address -> "http://" + IpLiteral.text(address) + ":" + webPort + "/")
                .orElse("none: this computer has no LAN address");
        return List.of(
                "A pretend VM with a web server, a TCP echo and a UDP echo restarts every few seconds at another address.",
                "The clients below go through the forwarder. From a phone: " + phone);
    }

    /** What held, for the last lines of the demo. */
    static List<String> verdict(int moves, List<String> broken) {
        if (broken.isEmpty() && moves == 0) {
            return List.of("Ended before the VM had moved once; nothing was checked.");
        }
        return broken.isEmpty()
                ? List.of("Held: TCP and UDP reached the VM at its new address after every move (" + moves + ").")
                : broken.stream().map(what -> "Broken: " + what).toList();
    }

    /** Seconds with a tenth, as all views show them. */
    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toNanos() / 1e9);
    }
}
