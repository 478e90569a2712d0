package io.github.wslproxy.app;

import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.forward.Protocol;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What to type on another device to reach a forward: a URL, a command, or {@code HOST:PORT}.
 *
 * @param urls the ones at which somebody is let in, the likeliest first
 * @param whyNone why there is none, in words; empty if there is one
 */
public record LanUrls(List<String> urls, String whyNone) {

    public LanUrls {
        urls = List.copyOf(urls);
    }

    /** None at all, for a reason. */
    static LanUrls none(String why) {
        return new LanUrls(List.of(), why);
    }

    /**
     * Makes one for each address of this computer at which the forward listens and lets somebody in, in the order of
     * the addresses.
     *
     * @param lan this computer's addresses on the LAN, each with its network
     */
    public static LanUrls of(Forward forward, List<AddressBlock> lan) {
        if (lan.isEmpty()) {
            return none("this computer has no address on a LAN");
        }
        List<AddressBlock> listening =
                lan.stream().filter(own -> listen(forward, own).isPresent()).toList();
        if (listening.isEmpty()) {
            return none("it listens on " + words(forward) + " only, where no other device comes");
        }
        List<String> urls = listening.stream()
                .filter(own -> letsSomebodyIn(forward.access(), own, lan))
                .map(own -> url(forward, own.network(), listen(forward, own).orElseThrow()))
                .toList();
        return urls.isEmpty() ? none(refused(listening)) : new LanUrls(urls, "");
    }

    private static String words(Forward forward) {
        return forward.listens().stream().map(Endpoint::toString).collect(Collectors.joining(" "));
    }

    private static String refused(List<AddressBlock> listening) {
        return "allow and deny let in nobody of "
                + listening.stream()
                        .map(own -> own.masked().toString())
                        .distinct()
                        .collect(Collectors.joining(", "));
    }

    /** Whether a browser opens it. */
    public static boolean isWeb(String url) {
        return url.startsWith("http://") || url.startsWith("https://");
    }

    private static Optional<Endpoint> listen(Forward forward, AddressBlock own) {
        return forward.listens().stream()
                .filter(listen -> reaches(listen.host(), own.network()))
                .findFirst();
    }

    private static boolean reaches(Host host, InetAddress own) {
        if (host instanceof Host.Everywhere) {
            return true;
        }
        if (!(host instanceof Host.Address listening)) {
            return false;
        }
        InetAddress address = listening.value();
        return address.isAnyLocalAddress()
                ? own instanceof Inet4Address || address instanceof Inet6Address
                : address.equals(own); // The zone does not count.
    }

    /**
     * Whether there may be a client: one of that address's network, or one of a private network elsewhere that is named
     * in allow and comes by a router.
     */
    private static boolean letsSomebodyIn(Access access, AddressBlock own, List<AddressBlock> lan) {
        return access.permitsSomeOf(own.masked())
                || letsNeighboursIn(access, own)
                || (own.network().isSiteLocalAddress()
                        && access.allow().stream()
                                .filter(LanUrls::isNamed)
                                .filter(block -> lan.stream()
                                        .noneMatch(here -> here.masked().overlaps(block)))
                                .anyMatch(access::permitsSomeOf));
    }

    /** Clients of a global IPv6 network count as private if they are neighbours in it. */
    private static boolean letsNeighboursIn(Access access, AddressBlock own) {
        return own.network() instanceof Inet6Address
                && access.allowsNeighbours()
                && !access.deniesNeighbours()
                && access.deny().stream().noneMatch(block -> block.contains(own.masked()));
    }

    /** The word private stands for the three whole blocks of RFC 1918, and for no network that a router leads to. */
    private static boolean isNamed(AddressBlock block) {
        return block.network().isSiteLocalAddress() && !Access.PRIVATE.contains(block);
    }

    private static String url(Forward forward, InetAddress own, Endpoint listen) {
        String host = IpLiteral.bracketed(withoutZone(own));
        boolean isOne = listen.ports().size() == 1;
        if (!isOne || !forward.protocols().contains(Protocol.TCP)) {
            return host + ":" + listen.ports();
        }
        return KnownService.of(forward.target().ports().first())
                .open(host, listen.ports().first());
    }

    /** The zone is a word of this computer, and a URL has no room for it (RFC 3986, section 3.2.2). */
    private static InetAddress withoutZone(InetAddress own) {
        try {
            return InetAddress.getByAddress(own.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }
}
