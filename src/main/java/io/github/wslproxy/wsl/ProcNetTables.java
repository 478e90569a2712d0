package io.github.wslproxy.wsl;

import io.github.wslproxy.forward.Protocol;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /proc/net/tcp}, {@code tcp6}, {@code udp} and {@code udp6}, some or all and in any order, as {@code cat}
 * prints them one after the other: no name of a file says which is which. Each has a line of headings, and only those
 * of UDP name the datagrams that were dropped (net/ipv4/udp.c, udp4_seq_show; net/ipv4/tcp_ipv4.c, tcp4_seq_show).
 *
 * <p>Addresses are hexadecimal words of 32 bits in the byte order of the machine, which for WSL is little-endian on
 * every processor (get_openreq4). The tables do not say whether the IPv6 wildcard hears IPv4 too; as a rule it does.
 */
final class ProcNetTables {
    private static final Pattern HEADINGS = Pattern.compile("^\\s*sl\\s+local_address\\s.*$", Pattern.MULTILINE);
    private static final String OF_UDP = "drops";
    private static final Pattern NAMED = Pattern.compile("^/proc/net/(tcp|udp)6?:(.*)$");
    private static final Pattern ENTRY =
            Pattern.compile("^\\s*\\d+:\\s+([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})\\s+0+:0000\\s+([0-9A-F]{2})\\s.*$");
    private static final int WORD = 4;

    private final String before;
    private final Optional<List<GuestSocket>> sockets;

    ProcNetTables(String output) {
        Matcher first = HEADINGS.matcher(output);
        boolean there = first.find();
        before = there ? output.substring(0, first.start()) : output;
        sockets = there ? Optional.of(listening(output.substring(first.start()))) : Optional.empty();
    }

    /** What was printed before the first table. */
    String before() {
        return before;
    }

    /** Who listens, each once; empty if there is no table. */
    Optional<List<GuestSocket>> sockets() {
        return sockets;
    }

    private static List<GuestSocket> listening(String tables) {
        List<GuestSocket> found = new ArrayList<>();
        Protocol protocol = Protocol.TCP;
        for (String line : tables.lines().toList()) {
            if (HEADINGS.matcher(line).matches()) {
                protocol = line.contains(OF_UDP) ? Protocol.UDP : Protocol.TCP;
            } else {
                listener(protocol, line).ifPresent(found::add);
            }
        }
        return found.stream().distinct().toList();
    }

    /** Reads a line with the name of its file before it, as grep prints it; empty if it is no listener. */
    static Optional<GuestSocket> listener(String line) {
        Matcher named = NAMED.matcher(line);
        if (!named.matches()) {
            return Optional.empty();
        }
        return listener(named.group(1).equals("tcp") ? Protocol.TCP : Protocol.UDP, named.group(2));
    }

    private static Optional<GuestSocket> listener(Protocol protocol, String entry) {
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
