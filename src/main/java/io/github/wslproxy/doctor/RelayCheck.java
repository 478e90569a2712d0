package io.github.wslproxy.doctor;

import io.github.wslproxy.os.OwnCommand;
import io.github.wslproxy.doctor.DialResult.Then;
import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.relay.Peer;
import io.github.wslproxy.relay.Refusal;
import io.github.wslproxy.status.Snapshot.ForwardView;
import io.github.wslproxy.status.Snapshot.LastProblem;
import io.github.wslproxy.status.Snapshot.Origin;
import io.github.wslproxy.status.Snapshot.ForwardState;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Whether a TCP connection of this computer comes through the relay. That somebody accepts it tells nothing: the relay
 * does so before it looks for the target, and on localhost it may be WSL's own relay. So the proxy is asked before and
 * after.
 */
final class RelayCheck {
    private static final InetAddress LOOPBACK = IpLiteral.of("127.0.0.1");

    private final Forward forward;
    private final Optional<ForwardView> before;
    private final Optional<InetSocketAddress> target;
    private final OwnCommand commands;

    /**
     * A check that has not dialled yet.
     *
     * @param before how the running proxy has the forward, if it has
     * @param target the address that was seen to accept connections; empty if none was
     */
    RelayCheck(Forward forward, Optional<ForwardView> before, Optional<InetSocketAddress> target, OwnCommand commands) {
        this.commands = commands;
        this.forward = forward;
        this.before = before;
        this.target = target;
    }

    /**
     * Where to connect to, if that is worth it. Not to localhost where the LAN address will do: what WSL's relay holds
     * there goes to that and not to us.
     */
    Optional<InetSocketAddress> toDial(Optional<InetAddress> lan) {
        boolean listens =
                before.filter(view -> view.state() == ForwardState.LISTENING).isPresent();
        if (!listens || target.isEmpty()) {
            return Optional.empty();
        }
        return reachable(lan).filter(to -> keptOut(to.getAddress()).isEmpty());
    }

    private Optional<InetSocketAddress> reachable(Optional<InetAddress> lan) {
        int offset = target.orElseThrow().getPort() - forward.target().ports().first();
        return forward.listens().stream()
                .flatMap(listen -> address(listen, lan).stream()
                        .map(address ->
                                new InetSocketAddress(address, listen.ports().first() + offset)))
                .findFirst();
    }

    /** A connection that is refused for sure would stand in the place of the last problem of a real client. */
    private Optional<Refusal> keptOut(InetAddress me) {
        boolean isInTheFile =
                before.filter(view -> view.origin() == Origin.FILE).isPresent();
        if (!isInTheFile) {
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

    private static Optional<InetAddress> address(Endpoint listen, Optional<InetAddress> lan) {
        if (listen.host() instanceof Host.Everywhere) {
            return Optional.of(lan.orElse(LOOPBACK));
        }
        if (listen.host() instanceof Host.Address address) {
            return Optional.of(address.value().isAnyLocalAddress() ? lan.orElse(LOOPBACK) : address.value());
        }
        return Optional.empty();
    }

    /**
     * What it means.
     *
     * @param to where it connected to, if it did
     * @param lan what {@link #toDial} was given
     * @param dialed what became of it; empty if it was not over in time
     * @param after how the running proxy has the forward now
     */
    Finding finding(
            Optional<InetSocketAddress> to,
            Optional<InetAddress> lan,
            Optional<DialResult> dialed,
            Optional<ForwardView> after) {
        if (!forward.protocols().contains(Protocol.TCP)) {
            return Finding.notKnown(ChainLink.RELAY, "UDP gives no answer that would show it");
        }
        if (before.isEmpty() || before.get().state() != ForwardState.LISTENING) {
            return Finding.skipped(ChainLink.RELAY, "the forward does not listen");
        }
        if (target.isEmpty()) {
            return Finding.skipped(ChainLink.RELAY, "the target does not accept");
        }
        if (to.isEmpty()) {
            return reachable(lan)
                    .flatMap(where -> keptOut(where.getAddress()))
                    .map(refusal -> notToBeTried(refusal.text()))
                    .orElseGet(() -> Finding.notKnown(ChainLink.RELAY, "it listens on no address that could be tried"));
        }
        return dialed.map(became -> judge(to.get(), became, after))
                .orElseGet(() -> Finding.notKnown(ChainLink.RELAY, "no answer in time from " + Peer.name(to.get())));
    }

    private Finding judge(InetSocketAddress to, DialResult dialed, Optional<ForwardView> after) {
        String where = Peer.name(to);
        if (!(dialed instanceof DialResult.Accepted accepted)) {
            return Finding.broken(
                            ChainLink.RELAY,
                            "wslproxy says that it listens, but a connection to " + where + " does not come about",
                            "restart wslproxy")
                    .noting("a security product on this computer may stand in between");
        }
        Optional<LastProblem> refusal = after.flatMap(view -> refusal(view, to, accepted.from()));
        if (refusal.isPresent()) {
            return refused(where, refusal.get());
        }
        if (accepted.then() == Then.WAS_RESET) {
            return Finding.broken(
                    ChainLink.RELAY, "a connection to " + where + " is reset at once", "see the log of wslproxy");
        }
        if (after.isEmpty()) {
            return Finding.notKnown(
                    ChainLink.RELAY,
                    "a connection to " + where + " was accepted, but wslproxy could not be asked by whom");
        }
        boolean ours = after.get().lastOwnClient().endsWith(":" + accepted.from());
        return ours
                ? Finding.ok(
                        ChainLink.RELAY,
                        "a connection to " + where + " came through to " + Peer.name(target.orElseThrow()))
                : Finding.notKnown(
                        ChainLink.RELAY,
                        "a connection to " + where
                                + " was accepted, but it is not the newest that wslproxy has from this"
                                + " computer: another program may listen there too, or have come after it");
    }

    /** Its newest refusal, if that was of this connection. */
    private static Optional<LastProblem> refusal(ForwardView view, InetSocketAddress to, int from) {
        String me = Peer.name(new InetSocketAddress(to.getAddress(), from));
        return view.lastProblem()
                .filter(problem -> problem.client().equals(me) && problem.code().isPresent());
    }

    private static Finding notToBeTried(String why) {
        return Finding.notKnown(ChainLink.RELAY, why + ", so this computer cannot try it itself");
    }

    private Finding refused(String where, LastProblem refusal) {
        Refusal.Code code = refusal.code().orElseThrow();
        if (code == Refusal.Code.NOT_ALLOWED || code == Refusal.Code.DENIED) {
            return notToBeTried(refusal.text());
        }
        return Finding.broken(
                ChainLink.RELAY,
                "wslproxy refused a connection to " + where + ": " + refusal.text(),
                refusal.cure().isEmpty() ? commands.line("probe") : refusal.cure());
    }
}
