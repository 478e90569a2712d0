package io.github.wslproxy.app;

import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.IpLiteral;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What to type on another device to reach a forward. */
public final class LanUrls {
    private LanUrls() {}

    /**
     * One for each address of this computer that the forward listens on, in the order of the addresses.
     *
     * @param protocol tcp, udp or tcp+udp
     * @param listens as configured, or {@code *:PORT}
     * @param lan this computer's addresses on the LAN
     */
    public static List<String> of(String protocol, List<String> listens, List<InetAddress> lan) {
        return lan.stream()
                .flatMap(address -> url(protocol, listens, address).stream())
                .toList();
    }

    /** The same of a forward as it is configured. */
    public static List<String> of(Forward forward, List<InetAddress> lan) {
        List<String> listens =
                forward.listens().stream().map(Endpoint::toString).toList();
        return of(forward.protocolWord(), listens, lan);
    }

    private static Optional<String> url(String protocol, List<String> listens, InetAddress address) {
        String host = host(address);
        return listens.stream()
                .filter(listen -> reaches(listen, address, host))
                .findFirst()
                .map(listen -> url(protocol, host, listen.substring(listen.lastIndexOf(':') + 1)));
    }

    private static String host(InetAddress address) {
        // The zone is a word of this computer, and a URL has no room for it (RFC 3986, section 3.2.2).
        String literal = IpLiteral.text(address).replaceFirst("%.*", "");
        return address instanceof Inet6Address ? "[" + literal + "]" : literal;
    }

    private static boolean reaches(String listen, InetAddress address, String literal) {
        String host = listen.substring(0, listen.lastIndexOf(':'));
        boolean everywhere = address instanceof Inet4Address
                ? Stream.of("*", "0.0.0.0", "[::]").anyMatch(host::equals)
                : Stream.of("*", "[::]").anyMatch(host::equals);
        return everywhere || host.equals(literal);
    }

    private static String url(String protocol, String host, String ports) {
        boolean range = ports.indexOf('-') >= 0;
        String hostAndPort = host + ":" + ports;
        return protocol.equals("udp") || range ? hostAndPort : "http://" + hostAndPort + "/";
    }
}
