package io.github.wslproxy.doctor;

import io.github.wslproxy.doctor.ParallelTasks.Task;
import io.github.wslproxy.doctor.SocketDialer.DialResult;
import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.relay.Refusal;
import io.github.wslproxy.status.Snapshot.ForwardState;
import io.github.wslproxy.status.Snapshot.ForwardView;
import io.github.wslproxy.status.Snapshot.Origin;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The connection of the doctor through the relay of a forward. */
sealed interface RelayDial {
    InetAddress LOOPBACK = IpLiteral.of("127.0.0.1");

    /**
     * The doctor connected, or tried to.
     *
     * @param target the address that accepts, or WSL's relay on localhost if that may lead to the server
     */
    record Made(InetSocketAddress to, InetSocketAddress target, DialResult result) implements RelayDial {}

    /** The doctor did not connect. */
    record NotMade(Finding reason) implements RelayDial {}

    /** Connects as soon as the connects to the target are over. */
    static Task<RelayDial> start(TargetDial target, Facts facts, ParallelTasks tasks) {
        return tasks.after(target.connects().values(), () -> make(target.forward(), facts, target.accepting()));
    }

    /**
     * Connects if the target accepts, or WSL's relay on localhost may lead to it. A connection that is refused for sure
     * is not made: it would be counted, and would take the place of the last problem of a real client. Blocks.
     *
     * @param targets the addresses that were seen to accept connections
     */
    private static RelayDial make(Forward forward, Facts facts, List<InetSocketAddress> targets) {
        Optional<ForwardView> view = facts.proxy().view(forward);
        if (!forward.protocols().contains(Protocol.TCP)) {
            return new NotMade(Finding.notKnown(ChainLink.RELAY, "UDP gives no answer that would show it"));
        }
        if (!facts.proxy().isKnown()) {
            return new NotMade(Finding.skipped(ChainLink.RELAY, "wslproxy could not be asked"));
        }
        if (view.isEmpty() || view.get().state() != ForwardState.LISTENING) {
            return new NotMade(Finding.skipped(ChainLink.RELAY, "the forward does not listen"));
        }
        boolean byLocalhost = targets.isEmpty()
                && (view.get().isThroughLocalhost()
                        || ServerCheck.mayBeBehindLocalhost(
                                forward, facts.wsl().guest(), facts.settings().wsl()));
        if (targets.isEmpty() && !byLocalhost) {
            return new NotMade(Finding.skipped(ChainLink.RELAY, "the target does not accept"));
        }
        InetSocketAddress target = byLocalhost
                ? new InetSocketAddress(LOOPBACK, forward.target().ports().first())
                : targets.get(0);
        Optional<InetSocketAddress> to = reachable(forward, target, facts.lan());
        if (to.isEmpty()) {
            return new NotMade(Finding.notKnown(ChainLink.RELAY, "it listens on no address that could be tried"));
        }
        return keptOut(forward, view.get(), to.get().getAddress())
                .map(refusal -> RelayCheck.notToBeTried(refusal.text()))
                .or(() -> full(forward, view.get(), facts))
                .<RelayDial>map(NotMade::new)
                .orElseGet(() -> new Made(to.get(), target, dial(facts.computer(), to.get(), byLocalhost)));
    }

    private static DialResult dial(Environment computer, InetSocketAddress to, boolean byLocalhost) {
        // A target that was seen to accept is reached at once. One that refuses is found out by Windows in two seconds.
        return computer.dial(to, TargetDial.LONGEST_CONNECT, Duration.ofSeconds(byLocalhost ? 4 : 1));
    }

    /** The address to connect to: that of the LAN where it will do, as WSL's own relay may listen on localhost. */
    private static Optional<InetSocketAddress> reachable(
            Forward forward, InetSocketAddress target, Optional<InetAddress> lan) {
        int offset = target.getPort() - forward.target().ports().first();
        return forward.listens().stream()
                .flatMap(listen -> address(listen, lan.orElse(LOOPBACK)).stream()
                        .map(address ->
                                new InetSocketAddress(address, listen.ports().first() + offset)))
                .findFirst();
    }

    private static Optional<InetAddress> address(Endpoint listen, InetAddress ofEverywhere) {
        if (listen.host() instanceof Host.Everywhere) {
            return Optional.of(ofEverywhere);
        }
        if (listen.host() instanceof Host.Address address) {
            return Optional.of(address.value().isAnyLocalAddress() ? ofEverywhere : address.value());
        }
        return Optional.empty();
    }

    private static Optional<Refusal> keptOut(Forward forward, ForwardView view, InetAddress me) {
        if (view.origin() != Origin.FILE) {
            // A share has lists of its own, which are not known here.
            return Optional.empty();
        }
        Access access = forward.access();
        if (access.denies(me)) {
            return Optional.of(Refusal.denied(me, forward));
        }
        return access.allows(me) || access.allowsNeighbours()
                ? Optional.empty()
                : Optional.of(Refusal.notAllowed(me, forward));
    }

    private static Optional<Finding> full(Forward forward, ForwardView view, Facts facts) {
        int most = forward.limits().connections();
        // A forward of both protocols counts its sessions among what is open.
        if (forward.protocols().equals(Set.of(Protocol.TCP)) && view.open() >= most) {
            return Optional.of(full("the forward", "max_connections", most));
        }
        return facts.proxy()
                .snapshot()
                .flatMap(snapshot -> Optional.ofNullable(snapshot.limits().get("connections")))
                .filter(total -> total.used() >= total.max())
                .map(total -> full("wslproxy", "[limits] max_connections", total.max()));
    }

    private static Finding full(String who, String key, long most) {
        return Finding.broken(
                ChainLink.RELAY,
                who + " has all connections it may have: " + key + " = " + most,
                "raise " + key + " in proxy.toml");
    }
}
