package io.github.wslproxy.doctor;

import io.github.wslproxy.doctor.ParallelTasks.Task;
import io.github.wslproxy.doctor.SocketDialer.DialResult;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.os.OwnCommand;
import io.github.wslproxy.relay.Peer;
import io.github.wslproxy.status.Snapshot.ForwardView;
import io.github.wslproxy.target.WslSettings;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Whether the target of a forward accepts TCP connections from this computer. */
final class TargetCheck implements Check.OfOneLink {
    private final Forward forward;
    private final WslSettings settings;
    private final OwnCommand commands;
    private final TargetDial dial;
    private final ServerCheck server;
    private final Task<RunningProxy> after;
    private final boolean mayBeThroughLocalhost;

    /**
     * Starts nothing.
     *
     * @param server the check inside the VM, which knows better what to do than a failed connect
     * @param after the proxy, asked when the doctor has tried to connect through it
     */
    TargetCheck(Forward forward, Facts facts, TargetDial dial, ServerCheck server, Task<RunningProxy> after) {
        this.forward = forward;
        this.settings = facts.settings().wsl();
        this.commands = facts.commands();
        this.dial = dial;
        this.server = server;
        this.after = after;
        this.mayBeThroughLocalhost = ServerCheck.mayBeBehindLocalhost(
                forward, facts.wsl().guest(), facts.settings().wsl());
    }

    @Override
    public Finding finding() {
        if (dial.nameUnknown() && forward.target().host() instanceof Host.Name name) {
            return Finding.broken(
                    ChainLink.TARGET,
                    "the name " + name.value() + " does not resolve",
                    "correct the name in target, or add it to the hosts file");
        }
        if (!forward.protocols().contains(Protocol.TCP)) {
            return Finding.notKnown(ChainLink.TARGET, "a UDP server cannot be asked whether it is there");
        }
        if (dial.addresses().isEmpty()) {
            return Finding.skipped(ChainLink.TARGET, "the address of " + forward.target() + " is not known");
        }
        Map<InetSocketAddress, DialResult> results = dial.results();
        if (results.isEmpty()) {
            return Finding.notKnown(ChainLink.TARGET, "no answer in time");
        }
        List<InetSocketAddress> accepting = dial.accepting();
        return accepting.isEmpty() ? broken(results) : accepted(accepting, results);
    }

    private static Finding accepted(List<InetSocketAddress> accepting, Map<InetSocketAddress, DialResult> results) {
        String seen = Peer.name(accepting.get(0)) + " accepts";
        long tried = results.keySet().stream()
                .map(InetSocketAddress::getPort)
                .distinct()
                .count();
        if (tried > 1) {
            List<String> ports = accepting.stream()
                    .map(to -> String.valueOf(to.getPort()))
                    .distinct()
                    .toList();
            seen += "; of " + tried + " ports that were tried, " + ports.size() + " do: " + String.join(" ", ports);
        }
        return Finding.ok(ChainLink.TARGET, seen);
    }

    private Finding broken(Map<InetSocketAddress, DialResult> results) {
        Map.Entry<InetSocketAddress, DialResult> first =
                results.entrySet().iterator().next();
        String seen = results.entrySet().stream()
                .filter(one -> one.getKey().getPort() == first.getKey().getPort())
                .map(one -> Peer.name(one.getKey()) + " " + words(one.getValue()))
                .collect(Collectors.joining("; "));
        Finding inside = server.finding();
        if (inside.state() == Finding.FindingState.INFO) {
            return Finding.info(ChainLink.TARGET, seen + "; " + inside.seen());
        }
        if (inside.isBroken()) {
            return Finding.broken(ChainLink.TARGET, seen + "; " + inside.seen(), inside.cure())
                    .noting(inside.note());
        }
        int port = first.getKey().getPort();
        if (isThroughLocalhost()) {
            return throughLocalhost(seen, port);
        }
        if (mayBeThroughLocalhost && !isProxyKnown()) {
            return Finding.notKnown(
                    ChainLink.TARGET,
                    seen + "; WSL's localhost relay may lead to the server, but wslproxy could not be asked");
        }
        return first.getValue() instanceof DialResult.Refused ? refused(seen, port) : silent(seen);
    }

    private boolean isProxyKnown() {
        return after.answer().filter(RunningProxy::isKnown).isPresent();
    }

    private boolean isThroughLocalhost() {
        return after.answer()
                .flatMap(proxy -> proxy.view(forward))
                .filter(ForwardView::isThroughLocalhost)
                .isPresent();
    }

    private static Finding throughLocalhost(String seen, int port) {
        return Finding.info(ChainLink.TARGET, seen + "; wslproxy reaches the server through WSL's localhost relay")
                .noting("the better way is a server that listens on 0.0.0.0" + usual(port));
    }

    /** How the server that most likely has that port is told to. */
    private static String usual(int port) {
        return ServerFix.of(port)
                .map(fix -> "; if it is " + fix.server() + ": " + fix.command())
                .orElse("");
    }

    private static String words(DialResult dialed) {
        if (dialed instanceof DialResult.Refused) {
            return "refuses: nobody listens there";
        }
        if (dialed instanceof DialResult.TimedOut late) {
            return "does not answer within " + late.after().toMillis() + " ms";
        }
        return "cannot be reached: " + ((DialResult.Impossible) dialed).why();
    }

    private Finding refused(String seen, int port) {
        if (!(forward.target().host() instanceof Host.Wsl)) {
            return Finding.broken(ChainLink.TARGET, seen, "start the server at " + forward.target());
        }
        return Finding.broken(
                        ChainLink.TARGET,
                        seen,
                        "start the server in WSL so that it listens on 0.0.0.0, not on 127.0.0.1 alone")
                .noting("ss -ltn inside WSL shows what listens where" + usual(port));
    }

    private Finding silent(String seen) {
        if (!(forward.target().host() instanceof Host.Wsl)) {
            return Finding.broken(
                    ChainLink.TARGET, seen, "see whether " + forward.target() + " is on and lets this computer in");
        }
        if (settings.address().isPresent()) {
            return Finding.broken(
                    ChainLink.TARGET, seen, "take address out of [wsl], so that WSL is asked where it is");
        }
        return settings.command().isEmpty()
                ? Finding.broken(ChainLink.TARGET, seen, "sudo ufw status")
                        .noting("in WSL, where a firewall may drop it: sudo ufw allow "
                                + forward.target().ports().first()
                                + "; only if there is none: wsl --shutdown, which ends everything in WSL, heals a"
                                + " network that sleep has broken")
                : Finding.broken(ChainLink.TARGET, seen, commands.line("probe"))
                        .noting("it shows what [wsl] command prints; the VM may be off");
    }
}
