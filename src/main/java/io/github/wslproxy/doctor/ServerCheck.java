package io.github.wslproxy.doctor;

import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.target.WslSettings;
import io.github.wslproxy.wsl.GuestScan;
import io.github.wslproxy.wsl.GuestSocket;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Who listens inside the VM on the port that a forward leads to, and on which address. */
final class ServerCheck implements Check.OfOneLink {
    private static final InetAddress LOOPBACK = IpLiteral.of("127.0.0.1");

    /** Added to a port, it gives another one that is usually free: 5173 and 15173. */
    private static final int ANOTHER = 10_000;

    private final Forward forward;
    private final WslSettings settings;
    private final GuestScan scan;
    private final Optional<InetAddress> destination;
    private final TargetDial dial;

    ServerCheck(Forward forward, Facts facts, TargetDial dial) {
        this.forward = forward;
        this.settings = facts.settings().wsl();
        this.scan = facts.wsl().guest();
        this.dial = dial;
        // Where WSL shares the addresses of Windows, clients of the LAN come to a server at the LAN address.
        this.destination =
                facts.wsl().sharedMode().isPresent() ? facts.lan() : facts.wsl().address();
    }

    @Override
    public Finding finding() {
        if (!(forward.target().host() instanceof Host.Wsl)) {
            return Finding.skipped(ChainLink.SERVER, "the target is not WSL");
        }
        if (isVmHidden(settings)) {
            String key = settings.address().isPresent() ? "address" : "command";
            return Finding.notKnown(ChainLink.SERVER, "with [wsl] " + key + " there is no way to look inside the VM");
        }
        if (scan instanceof GuestScan.Asleep asleep) {
            return Finding.skipped(ChainLink.SERVER, asleep.reason());
        }
        if (scan instanceof GuestScan.Unreadable unreadable) {
            return Finding.notKnown(ChainLink.SERVER, unreadable.reason());
        }
        if (destination.isEmpty()) {
            return Finding.skipped(ChainLink.SERVER, "the address of WSL is not known");
        }
        return judge((GuestScan.Seen) scan, destination.get());
    }

    private Finding judge(GuestScan.Seen seen, InetAddress to) {
        PortRange ports = forward.target().ports();
        List<GuestSocket> there = seen.sockets().stream()
                .filter(socket -> forward.protocols().contains(socket.protocol()))
                .filter(socket -> ports.overlaps(PortRange.of(socket.port())))
                .toList();
        Optional<GuestSocket> hearing =
                there.stream().filter(socket -> socket.hears(to)).findFirst();
        if (hearing.isPresent()) {
            return Finding.ok(
                    ChainLink.SERVER, "a server listens on " + hearing.get().where());
        }
        if (!dial.accepting().isEmpty()) {
            return Finding.info(
                    ChainLink.SERVER,
                    "no listener is seen in " + seen.distribution()
                            + ", yet it accepts: rules of Docker's network as a rule");
        }
        if (there.isEmpty()) {
            return nobody(seen);
        }
        return mayBeBehindLocalhost(forward, scan, settings) ? behindLocalhost(there, seen) : deaf(there, to, seen);
    }

    /** Whether the configuration says where the VM is in a way that tells nothing of what runs inside. */
    static boolean isVmHidden(WslSettings settings) {
        return settings.address().isPresent() || !settings.command().isEmpty();
    }

    /**
     * Whether a server is seen on localhost of the VM, where wslproxy reaches it too: in NAT mode WSL itself relays
     * localhost of Windows to localhost of Linux, by TCP. Also true if nobody can look inside the VM.
     */
    static boolean mayBeBehindLocalhost(Forward forward, GuestScan scan, WslSettings settings) {
        return settings.localhost()
                && forward.target().host() instanceof Host.Wsl
                && forward.protocols().contains(Protocol.TCP)
                && (isVmHidden(settings)
                        || scan instanceof GuestScan.Unreadable
                        || (scan instanceof GuestScan.Seen seen && hearsLocalhost(forward, seen)));
    }

    private static boolean hearsLocalhost(Forward forward, GuestScan.Seen seen) {
        return seen.mode().equals("nat")
                && seen.sockets().stream()
                        .anyMatch(socket -> socket.protocol() == Protocol.TCP
                                && forward.target().ports().overlaps(PortRange.of(socket.port()))
                                && socket.hears(LOOPBACK));
    }

    private Finding behindLocalhost(List<GuestSocket> there, GuestScan.Seen seen) {
        Finding finding = Finding.info(
                ChainLink.SERVER,
                "the server in " + seen.distribution() + " listens on " + where(there)
                        + " only; wslproxy reaches it by TCP through WSL's relay on localhost");
        return ServerFix.of(there.get(0).port())
                .map(fix -> finding.noting("the better way, if it is " + fix.server() + ": " + fix.command()))
                .orElse(finding);
    }

    private static String where(List<GuestSocket> sockets) {
        return sockets.stream().map(GuestSocket::where).collect(Collectors.joining(" and "));
    }

    private Finding nobody(GuestScan.Seen seen) {
        return Finding.broken(
                        ChainLink.SERVER,
                        "nobody listens on " + forward.protocolWord() + " "
                                + forward.target().ports() + " in " + seen.distribution(),
                        "start the server in WSL")
                .noting("target = \"wsl:PORT\" in the forward, if it has another port there");
    }

    private Finding deaf(List<GuestSocket> there, InetAddress to, GuestScan.Seen seen) {
        GuestSocket first = there.get(0);
        Optional<ServerFix> fix = ServerFix.of(first.port());
        String who = "the server in " + seen.distribution()
                + fix.map(known -> " (by its port: " + known.server() + ")").orElse("");
        String what = who + " listens on " + where(there) + " only, not on " + IpLiteral.text(to);
        String cure = fix.map(ServerFix::command)
                .orElse("start the server so that it listens on 0.0.0.0 (often: --host 0.0.0.0)");
        return Finding.broken(ChainLink.SERVER, what, cure).noting(otherWay(there, seen.mode()));
    }

    /** In NAT mode WSL's relay on localhost of Windows reaches a server on localhost of Linux, by TCP. */
    private String otherWay(List<GuestSocket> there, String mode) {
        Optional<GuestSocket> local = there.stream()
                .filter(socket -> socket.protocol() == Protocol.TCP && socket.hears(LOOPBACK))
                .findFirst();
        if (local.isEmpty() || !mode.equals("nat") || forward.target().ports().size() > 1) {
            return "";
        }
        int port = local.get().port();
        String way = "or leave the server as it is: target = \"localhost:" + port + "\" in the forward";
        return coversLoopback(port)
                ? way + ", with listen = \"0.0.0.0:" + another(port)
                        + "\", since on the same port it would lead back to itself"
                : way;
    }

    private boolean coversLoopback(int port) {
        return forward.listens().stream()
                .filter(listen -> listen.ports().overlaps(PortRange.of(port)))
                .map(Endpoint::host)
                .anyMatch(host -> !(host instanceof Host.Address address)
                        || address.value().isAnyLocalAddress()
                        || address.value().isLoopbackAddress());
    }

    private static int another(int port) {
        return port + ANOTHER <= PortRange.MAX_PORT ? port + ANOTHER : port - ANOTHER;
    }
}
