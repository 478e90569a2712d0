package io.github.wslproxy.wsl;

import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of {@code ss -H -ltunp} (iproute2, ss.c). {@code *} is the IPv6 wildcard that hears IPv4 too, {@code [::]} one
 * that does not; before version 4.16 {@code *} was also that of IPv4 and {@code ::} stood without brackets.
 */
final class SsLine {
    private static final Pattern LINE =
            Pattern.compile("^(tcp|udp)\\s+\\S+\\s+\\d+\\s+\\d+\\s+(\\S+):(\\d+)\\s+\\S+(.*)$");
    private static final Pattern USERS = Pattern.compile("users:\\(\\(\"(.*?)\",pid=(\\d{1,10})");
    private static final InetAddress ANY_6 = IpLiteral.of("::");

    private SsLine() {}

    /** @param commands by process id */
    static Optional<GuestSocket> parse(String line, Map<Long, String> commands) {
        Matcher fields = LINE.matcher(line.strip());
        if (!fields.matches() || fields.group(3).length() > 5) {
            return Optional.empty();
        }
        int port = Integer.parseInt(fields.group(3));
        boolean dualStack = fields.group(2).equals("*") || fields.group(2).equals("::");
        InetAddress address = dualStack ? ANY_6 : IpLiteral.parse(bare(fields.group(2)));
        if (address == null || port > PortRange.MAX_PORT) {
            return Optional.empty();
        }
        Protocol protocol = fields.group(1).equals("tcp") ? Protocol.TCP : Protocol.UDP;
        return Optional.of(new GuestSocket(protocol, address, port, dualStack, command(fields.group(4), commands)));
    }

    /** Without the brackets, and without the adapter: {@code 127.0.0.53%lo}. */
    private static String bare(String address) {
        int percent = address.indexOf('%');
        return (percent < 0 ? address : address.substring(0, percent))
                .replace("[", "")
                .replace("]", "");
    }

    private static String command(String users, Map<Long, String> commands) {
        Matcher first = USERS.matcher(users);
        return first.find() ? commands.getOrDefault(Long.parseLong(first.group(2)), first.group(1)) : "";
    }
}
