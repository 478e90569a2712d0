package io.github.wslproxy.windows;

import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what {@code netstat -ano} prints. Heads and states are localized (LISTENING, ABHÖREN, ESCUCHANDO, IN ATTESA); a
 * listener is known by its remote side instead, which has port 0 for TCP and is {@code *:*} for UDP.
 */
final class NetstatText {
    private static final Pattern TCP =
            Pattern.compile("TCP\\s+(\\S{1,100}):(\\d{1,5})\\s+\\S{1,100}:0\\s+\\D.{0,40}?\\s(\\d{1,10})");
    private static final Pattern UDP =
            Pattern.compile("UDP\\s+(\\S{1,100}):(\\d{1,5})\\s+\\*:\\*\\s+(?:\\D.{0,40}?\\s)?(\\d{1,10})");

    private NetstatText() {}

    /** One socket that takes clients. */
    record Holder(Protocol protocol, String address, int port, long pid) {}

    /** Empty if nothing could be read, as where there is no column with process ids. */
    static List<Holder> holders(String output) {
        return output.lines()
                .map(String::strip)
                .flatMap(line -> holder(line).stream())
                .toList();
    }

    private static Optional<Holder> holder(String line) {
        return holder(Protocol.TCP, TCP.matcher(line)).or(() -> holder(Protocol.UDP, UDP.matcher(line)));
    }

    private static Optional<Holder> holder(Protocol protocol, Matcher row) {
        return row.matches() && Integer.parseInt(row.group(2)) <= PortRange.MAX_PORT
                ? Optional.of(new Holder(
                        protocol, row.group(1), Integer.parseInt(row.group(2)), Long.parseLong(row.group(3))))
                : Optional.empty();
    }
}
