package io.github.wslproxy.doctor;

import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.status.Snapshot.ForwardView;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the forward itself lets the LAN do: where it listens, and whom it allows. */
final class LanCheck {
    /** As home networks have it: whoever allows nothing of it allows none of the neighbours. */
    private static final int NEIGHBOURS = 24;

    private final Optional<InetAddress> lan;
    private final boolean wanted;

    /**
     * A check for any forward.
     *
     * @param lan the address of this computer there
     * @param wanted whether the LAN is known to be meant; a forward for this computer alone may well be on purpose
     */
    LanCheck(Optional<InetAddress> lan, boolean wanted) {
        this.lan = lan;
        this.wanted = wanted;
    }

    /** Whether no other computer can come to it, whatever the firewall says. */
    static boolean isOnlyForThisComputer(Forward forward) {
        return forward.listens().stream().map(Endpoint::host).allMatch(LanCheck::isOnlyForThisComputer);
    }

    private static boolean isOnlyForThisComputer(Host host) {
        return host instanceof Host.Wsl
                || (host instanceof Host.Address address && address.value().isLoopbackAddress())
                || (host instanceof Host.Name name && name.value().equalsIgnoreCase("localhost"));
    }

    private static boolean isForWsl(Forward forward) {
        return forward.listens().stream().map(Endpoint::host).allMatch(Host.Wsl.class::isInstance);
    }

    Finding finding(Forward forward) {
        if (isForWsl(forward)) {
            return Finding.info(ChainLink.LAN, "it listens for WSL only, as its listen says");
        }
        if (isOnlyForThisComputer(forward)) {
            return limit(
                    "it listens on " + words(forward) + " only, where no other computer comes",
                    "listen = \"0.0.0.0:" + forward.listens().get(0).ports() + "\" in the forward");
        }
        if (lan.isEmpty()) {
            return Finding.notKnown(ChainLink.LAN, "this computer has no address on a LAN");
        }
        Access access = forward.access();
        String neighbours = "clients in the network of " + IpLiteral.text(lan.get());
        if (access.permits(lan.get())) {
            return Finding.ok(ChainLink.LAN, neighbours + " are allowed");
        }
        return allowsSome(access)
                ? Finding.info(ChainLink.LAN, "only some " + neighbours + " are allowed (allow, deny)")
                : limit("allow and deny let in no " + neighbours, cure(access, lan.get()));
    }

    Finding ofShare(ForwardView share) {
        return share.urls().isEmpty() && !share.whyNoUrl().isEmpty()
                ? limit("it has no LAN URL: " + share.whyNoUrl(), "share the port again, with another --allow")
                : Finding.ok(ChainLink.LAN, "who may come in: " + share.clientsAllowed());
    }

    private static String cure(Access access, InetAddress lan) {
        if (access.denies(lan)) {
            return "take what holds " + IpLiteral.text(lan) + " out of deny in the forward";
        }
        return lan.isSiteLocalAddress()
                ? "allow = [\"private\"] in the forward"
                : "allow = [\"private\", \"" + new AddressBlock(lan, NEIGHBOURS).masked() + "\"] in the forward";
    }

    private Finding limit(String seen, String cure) {
        return wanted ? Finding.broken(ChainLink.LAN, seen, cure) : Finding.info(ChainLink.LAN, seen);
    }

    private static String words(Forward forward) {
        return forward.listens().stream().map(Endpoint::toString).collect(Collectors.joining(" "));
    }

    private boolean allowsSome(Access access) {
        InetAddress own = lan.orElseThrow();
        return own instanceof Inet4Address
                && access.allow().stream()
                        .map(AddressBlock::network)
                        .filter(Inet4Address.class::isInstance)
                        .anyMatch(new AddressBlock(own, NEIGHBOURS)::contains);
    }
}
