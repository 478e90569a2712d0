package io.github.wslproxy.doctor;

import io.github.wslproxy.os.OwnCommand;
import io.github.wslproxy.target.WslSettings;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.relay.Peer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Whether the target of a forward accepts TCP connections from this computer. */
final class TargetCheck {
    /** Of a range only so many ports are tried. */
    private static final int MOST_PORTS = 8;

    /** Of a name; the relay tries each in turn. */
    private static final int MOST_ADDRESSES = 4;

    private final Forward forward;
    private final WslSettings settings;
    private final List<InetAddress> addresses;
    private final boolean nameUnknown;
    private final OwnCommand commands;

    /**
     * A check of a target.
     *
     * @param addresses of the target; empty if none is known
     * @param nameUnknown whether it is a name of which it is known that it has no address
     */
    TargetCheck(
            Forward forward,
            WslSettings settings,
            List<InetAddress> addresses,
            boolean nameUnknown,
            OwnCommand commands) {
        this.commands = commands;
        this.nameUnknown = nameUnknown;
        this.forward = forward;
        this.settings = settings;
        this.addresses = addresses.stream().limit(MOST_ADDRESSES).toList();
    }

    /** What is worth a connect. */
    List<InetSocketAddress> toDial() {
        return forward.protocols().contains(Protocol.TCP)
                ? addresses.stream()
                        .flatMap(where ->
                                ports(forward.target().ports()).mapToObj(port -> new InetSocketAddress(where, port)))
                        .toList()
                : List.of();
    }

    static IntStream ports(PortRange range) {
        return IntStream.rangeClosed(range.first(), range.last()).limit(MOST_PORTS);
    }

    /** @param dialed what became of {@link #toDial}, without those that were not over in time */
    Finding finding(Map<InetSocketAddress, DialResult> dialed, Finding server) {
        if (nameUnknown && forward.target().host() instanceof Host.Name name) {
            return Finding.broken(
                    ChainLink.TARGET,
                    "the name " + name.value() + " does not resolve",
                    "correct the name in target, or add it to the hosts file");
        }
        if (!forward.protocols().contains(Protocol.TCP)) {
            return Finding.notKnown(ChainLink.TARGET, "a UDP server cannot be asked whether it is there");
        }
        if (addresses.isEmpty()) {
            return Finding.skipped(ChainLink.TARGET, "the address of " + forward.target() + " is not known");
        }
        if (dialed.isEmpty()) {
            return Finding.notKnown(ChainLink.TARGET, "no answer in time");
        }
        return accepting(dialed).isEmpty() ? broken(dialed, server) : accepted(dialed);
    }

    /** Those of {@code dialed} that somebody accepted. */
    static List<InetSocketAddress> accepting(Map<InetSocketAddress, DialResult> dialed) {
        return dialed.keySet().stream()
                .filter(to -> dialed.get(to) instanceof DialResult.Accepted)
                .sorted((one, other) -> Integer.compare(one.getPort(), other.getPort()))
                .toList();
    }

    private static Finding accepted(Map<InetSocketAddress, DialResult> dialed) {
        List<InetSocketAddress> accepting = accepting(dialed);
        String seen = Peer.name(accepting.get(0)) + " accepts";
        long tried = dialed.keySet().stream()
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

    /** The look inside the VM, where there was one, knows better what to do than a connect that failed. */
    private Finding broken(Map<InetSocketAddress, DialResult> dialed, Finding server) {
        Map.Entry<InetSocketAddress, DialResult> first =
                dialed.entrySet().iterator().next();
        String seen = dialed.entrySet().stream()
                .filter(one -> one.getKey().getPort() == first.getKey().getPort())
                .map(one -> Peer.name(one.getKey()) + " " + words(one.getValue()))
                .collect(Collectors.joining("; "));
        if (server.isBroken()) {
            return Finding.broken(ChainLink.TARGET, seen + "; " + server.seen(), server.cure())
                    .noting(server.note());
        }
        return first.getValue() instanceof DialResult.Refused
                ? refused(seen, first.getKey().getPort())
                : silent(seen);
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
        String usual = ServerFix.of(port)
                .map(fix -> "; if it is " + fix.server() + ": " + fix.command())
                .orElse("");
        return Finding.broken(
                        ChainLink.TARGET,
                        seen,
                        "start the server in WSL so that it listens on 0.0.0.0, not on 127.0.0.1 alone")
                .noting("ss -ltn inside WSL shows what listens where" + usual);
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
