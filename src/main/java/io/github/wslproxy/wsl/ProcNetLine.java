package io.github.wslproxy.wsl;

import io.github.wslproxy.forward.Protocol;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of {@code /proc/net/tcp} and its three siblings, with the name of the file before it as grep puts it. Addresses
 * are hexadecimal words of 32 bits in the byte order of the machine, which for WSL is little-endian on every processor
 * (net/ipv4/tcp_ipv4.c, get_openreq4). Whether the IPv6 wildcard hears IPv4 too is not said there; as a rule it does.
 */
final class ProcNetLine {
    private static final Pattern LINE = Pattern.compile(
            "^/proc/net/(tcp|udp)6?:\\s*\\d+:\\s+([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})\\s+0+:0000\\s+([0-9A-F]{2})\\s.*$");
    private static final int WORD = 4;

    private ProcNetLine() {}

    static Optional<GuestSocket> parse(String line) {
        Matcher fields = LINE.matcher(line);
        if (!fields.matches()) {
            return Optional.empty();
        }
        Protocol protocol = fields.group(1).equals("tcp") ? Protocol.TCP : Protocol.UDP;
        if (!fields.group(4).equals(protocol == Protocol.TCP ? "0A" : "07")) {
            return Optional.empty();
        }
        InetAddress address = address(HexFormat.of().parseHex(fields.group(2)));
        int port = HexFormat.fromHexDigits(fields.group(3));
        boolean dualStack = address.isAnyLocalAddress() && address.getAddress().length > WORD;
        return Optional.of(new GuestSocket(protocol, address, port, dualStack, ""));
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
