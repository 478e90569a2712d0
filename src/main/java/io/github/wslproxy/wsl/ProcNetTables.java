package io.github.wslproxy.wsl;

import io.github.wslproxy.forward.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /proc/net/tcp}, {@code tcp6}, {@code udp} and {@code udp6}, some or all and in any order, as {@code cat}
 * prints them one after the other: no name of a file says which is which. Each has a line of headings, and only those
 * of UDP name the datagrams that were dropped (net/ipv4/udp.c, udp4_seq_show; net/ipv4/tcp_ipv4.c, tcp4_seq_show).
 */
final class ProcNetTables {
    private static final Pattern HEADINGS = Pattern.compile("^\\s*sl\\s+local_address\\s.*$", Pattern.MULTILINE);
    private static final String OF_UDP = "drops";

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
                ProcNetLine.parse(protocol, line).ifPresent(found::add);
            }
        }
        return found.stream().distinct().toList();
    }
}
