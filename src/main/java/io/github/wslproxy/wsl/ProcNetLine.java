package io.github.wslproxy.wsl;

import io.github.wslproxy.forward.Protocol;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of {@code /proc/net/tcp} and its three siblings, alone or with the name of the file before it as grep puts it.
 * Addresses are hexadecimal words of 32 bits in the byte order of the machine, which for WSL is little-endian on every
 * processor (net/ipv4/tcp_ipv4.c, get_openreq4). Whether the IPv6 wildcard hears IPv4 too is not said there; as a rule
 * it does.
 */
final class ProcNetLine {
    private static final Pattern NAMED = Pattern.compile("^/proc/net/(tcp|udp)6?:(.*)$");
    private static final Pattern ENTRY =
            Pattern.compile("^\\s*\\d+:\\s+([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})\\s+0+:0000\\s+([0-9A-F]{2})\\s.*$");
    private static final int WORD = 4;

    private ProcNetLine() {}

    /** As grep puts it; empty if it is no listener. */
    static Optional<GuestSocket> parse(String line) {
        Matcher named = NAMED.matcher(line);
        if (!named.matches()) {
            return Optional.empty();
        }
        return parse(named.group(1).equals("tcp") ? Protocol.TCP : Protocol.UDP, named.group(2));
    }

    /** @param entry the line alone, of a table of {@code protocol} */
    static Optional<GuestSocket> parse(Protocol protocol, String entry) {
        Matcher fields = ENTRY.matcher(entry);
        if (!fields.matches() || !fields.group(3).equals(protocol == Protocol.TCP ? "0A" : "07")) {
            return Optional.empty();
        }
        InetAddress address = address(HexFormat.of().parseHex(fields.group(1)));
        int port = HexFormat.fromHexDigits(fields.group(2));
        boolean dualStack = address.isAnyLocalAddress() && address.getAddress().length > WORD;
        return Optional.of(new GuestSocket(protocol, address, port, dualStack));
    }

    private static InetAddress address(byte[] words) {
        byte[] bytes = new byte[words.length];
        for (int i = 0; i < words.length; i++) {
            bytes[i] = words[i - i % WORD + WORD - 1 - i % WORD];
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossibleForThatLength) {
            throw new IllegalStateException(impossibleForThatLength);
        }
    }
}
