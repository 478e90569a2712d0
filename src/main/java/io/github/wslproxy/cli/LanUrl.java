package io.github.wslproxy.cli;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** What to type on a phone to reach a forward. */
final class LanUrl {
    private LanUrl() {}

    /**
     * The URL of the first listen entry that the LAN reaches; empty where none does.
     *
     * @param protocol tcp, udp or tcp+udp
     * @param listens as configured, or {@code *:PORT}
     * @param lan this computer's address on the LAN
     */
    static Optional<String> of(String protocol, List<String> listens, Optional<InetAddress> lan) {
        return lan.map(InetAddress::getHostAddress).flatMap(address -> listens.stream()
                .filter(listen -> reaches(listen, address))
                .findFirst()
                .map(listen -> url(protocol, address, listen.substring(listen.lastIndexOf(':') + 1))));
    }

    private static boolean reaches(String listen, String address) {
        String host = listen.substring(0, listen.lastIndexOf(':'));
        return host.equals("*") || host.equals("0.0.0.0") || host.equals("[::]") || host.equals(address);
    }

    private static String url(String protocol, String address, String ports) {
        boolean range = ports.indexOf('-') >= 0;
        String hostAndPort = address + ":" + ports;
        return protocol.equals("udp") || range ? hostAndPort : "http://" + hostAndPort + "/";
    }
}
