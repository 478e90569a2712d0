package io.github.wslproxy.doctor;

import io.github.wslproxy.doctor.ParallelTasks.Task;
import io.github.wslproxy.doctor.RelayDial.Made;
import io.github.wslproxy.doctor.RelayDial.NotMade;
import io.github.wslproxy.doctor.SocketDialer.DialResult;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.os.OwnCommand;
import io.github.wslproxy.relay.Peer;
import io.github.wslproxy.relay.RefusalCode;
import io.github.wslproxy.status.Snapshot.ForwardView;
import io.github.wslproxy.status.Snapshot.LastProblem;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Whether a TCP connection of this computer comes through the relay. An accepted connection is no proof: the relay
 * accepts before it looks for the target, and on localhost WSL's own relay may accept. So the proxy is asked before and
 * after.
 */
final class RelayCheck implements Check.OfOneLink {
    private final Forward forward;
    private final OwnCommand commands;
    private final boolean isWslAsked;
    private final Task<RelayDial> dial;
    private final Task<RunningProxy> after;

    /** @param after the proxy, asked when the dial is over */
    RelayCheck(Forward forward, Facts facts, Task<RelayDial> dial, Task<RunningProxy> after) {
        this.forward = forward;
        this.commands = facts.commands();
        this.isWslAsked = !ServerCheck.isVmHidden(facts.settings().wsl());
        this.dial = dial;
        this.after = after;
    }

    @Override
    public Finding finding() {
        return dial.answer()
                .map(became -> became instanceof NotMade notMade ? notMade.reason() : judge((Made) became))
                .orElseGet(() -> Finding.notKnown(ChainLink.RELAY, "no answer in time"));
    }

    private Finding judge(Made made) {
        String where = Peer.name(made.to());
        if (!(made.result() instanceof DialResult.Accepted accepted)) {
            return Finding.broken(
                            ChainLink.RELAY,
                            "wslproxy says that it listens, but a connection to " + where + " does not come about",
                            "restart wslproxy")
                    .noting("a security product on this computer may stand in between");
        }
        Optional<ForwardView> view = after.answer().flatMap(proxy -> proxy.view(forward));
        Optional<LastProblem> refusal = view.flatMap(now -> refusal(now, made.to(), accepted.from()));
        if (refusal.isPresent()) {
            return refused(where, refusal.get());
        }
        if (accepted.then() == DialResult.Then.WAS_RESET) {
            return Finding.broken(
                    ChainLink.RELAY, "a connection to " + where + " is reset at once", "see the log of wslproxy");
        }
        if (view.isEmpty()) {
            return Finding.notKnown(
                    ChainLink.RELAY,
                    "a connection to " + where + " was accepted, but wslproxy could not be asked by whom");
        }
        InetSocketAddress newest = IpLiteral.parseWithPort(view.get().lastOwnClient());
        boolean ours = newest != null && newest.getPort() == accepted.from();
        return ours
                ? Finding.ok(
                        ChainLink.RELAY, "a connection to " + where + " came through to " + Peer.name(made.target()))
                : Finding.notKnown(
                        ChainLink.RELAY,
                        "a connection to " + where
                                + " was accepted, but it is not the newest that wslproxy has from this"
                                + " computer: another program may listen there too, or have come after it");
    }

    /** The newest refusal of the forward, if this connection was refused. */
    private static Optional<LastProblem> refusal(ForwardView view, InetSocketAddress to, int from) {
        String me = Peer.name(new InetSocketAddress(to.getAddress(), from));
        return view.lastProblem()
                .filter(problem -> problem.client().equals(me) && problem.code().isPresent());
    }

    /** @param why this computer may not come in itself */
    static Finding notToBeTried(String why) {
        return Finding.notKnown(ChainLink.RELAY, why + ", so this computer cannot try it itself");
    }

    private Finding refused(String where, LastProblem refusal) {
        RefusalCode code = refusal.code().orElseThrow();
        if (code == RefusalCode.NOT_ALLOWED || code == RefusalCode.DENIED) {
            return notToBeTried(refusal.text());
        }
        return Finding.broken(
                ChainLink.RELAY,
                "wslproxy refused a connection to " + where + ": " + refusal.text(),
                refusal.cure().isEmpty() ? cure(code) : refusal.cure());
    }

    /** Where WSL is not asked, a probe tells no more than the configuration. */
    private String cure(RefusalCode code) {
        boolean isWhereItIsSaid =
                code == RefusalCode.CONNECT_FAILED && forward.target().host() instanceof Host.Wsl && !isWslAsked;
        return isWhereItIsSaid ? "start the server in WSL, or correct [wsl]" : commands.line("probe");
    }
}
