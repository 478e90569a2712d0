package io.github.wslproxy.doctor;

import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.status.Snapshot.ForwardView;
import io.github.wslproxy.status.Snapshot.Origin;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the forward itself lets the LAN do: where it listens, and whom it allows. */
final class LanCheck implements Check.OfOneLink {
    /** The prefix of a home network. A forward that allows nothing of such a block allows none of the neighbours. */
    private static final int NEIGHBOURS = 24;

    private final Forward forward;
    private final Facts facts;
    private final Optional<InetAddress> lan;

    LanCheck(Forward forward, Facts facts) {
        this.forward = forward;
        this.facts = facts;
        this.lan = facts.lan();
    }

    @Override
    public Finding finding() {
        Optional<String> needless = facts.modeThatReplaces(forward);
        return needless.isPresent() ? onLanAlready(needless.get()) : whoMayCome();
    }

    private static Finding onLanAlready(String mode) {
        return Finding.info(ChainLink.LAN, "not needed: in " + mode + " mode the port is on the LAN already");
    }

    /** A share may have lists of its own, which only the proxy that runs knows. */
    private Finding whoMayCome() {
        return facts.proxy()
                .view(forward)
                .filter(view -> view.origin() == Origin.SHARE)
                .filter(view -> !view.clientsAllowed().isEmpty())
                .map(this::ofShare)
                .orElseGet(this::ofTheFile);
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

    private boolean isForWsl() {
        return forward.listens().stream().map(Endpoint::host).allMatch(Host.Wsl.class::isInstance);
    }

    private Finding ofTheFile() {
        if (isForWsl()) {
            return Finding.info(ChainLink.LAN, "it listens for WSL only, as its listen says");
        }
        if (isOnlyForThisComputer(forward)) {
            return limit(
                    "it listens on " + words() + " only, where no other computer comes",
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

    private Finding ofShare(ForwardView share) {
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

    /** A forward for this computer alone is no fault, unless the LAN is known to be meant. */
    private Finding limit(String seen, String cure) {
        return facts.lanIsMeant() ? Finding.broken(ChainLink.LAN, seen, cure) : Finding.info(ChainLink.LAN, seen);
    }

    private String words() {
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
