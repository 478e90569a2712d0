package io.github.wslproxy.doctor;

import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.status.Snapshot.ForwardView;
import io.github.wslproxy.status.Snapshot.ForwardState;
import io.github.wslproxy.windows.HeldPort;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.Optional;

/**
 * Whether a forward listens, and if not, why: a name that nobody knows, an address that is away, or who holds its port.
 */
final class ListeningCheck {
    private final Forward forward;
    private final RunningProxy proxy;
    private final Environment computer;
    private final String resume;

    /** @param resume the command that lets a forward go on that is paused */
    ListeningCheck(Forward forward, RunningProxy proxy, Environment computer, String resume) {
        this.forward = forward;
        this.proxy = proxy;
        this.computer = computer;
        this.resume = resume;
    }

    /** Whether {@link #look} is worth it: nobody of ours listens there. */
    boolean isLookNeeded() {
        Optional<ForwardView> view = proxy.view(forward);
        return view.isPresent() ? view.get().state() == ForwardState.FAILED : proxy.isAbsent();
    }

    /** Asks the computer why nobody of ours can listen, which may take seconds; empty if that is not known. */
    Optional<Finding> look() {
        return forward.listens().stream()
                .flatMap(listen -> unusable(listen).stream())
                .findFirst()
                .or(this::held);
    }

    private Optional<Finding> unusable(Endpoint listen) {
        if (listen.host() instanceof Host.Name name
                && computer.lookUp(name.value()).isEmpty()) {
            return Optional.of(
                    name.isAwayAdapter()
                            ? away(listen)
                            : Finding.broken(
                                    ChainLink.LISTENING,
                                    listen + ": the name " + name.value() + " is not known",
                                    "correct the name in listen, or add it to the hosts file"));
        }
        return listen.host() instanceof Host.Address address && !computer.hasAddress(address.value())
                ? Optional.of(absent(listen, address.value()))
                : Optional.empty();
    }

    private Finding away(Endpoint listen) {
        return Finding.broken(
                        ChainLink.LISTENING,
                        listen + ": the adapter of " + listen.host() + " is not there",
                        addresses())
                .noting("it shows the adapters there are, each with the name or number that stands after % in their"
                        + " addresses; wslproxy listens as soon as this one is there");
    }

    private String addresses() {
        return computer.isWindows() ? "ipconfig" : "ip addr";
    }

    private Finding absent(Endpoint listen, InetAddress address) {
        return Finding.broken(
                        ChainLink.LISTENING,
                        listen + ": no network adapter has the address " + IpLiteral.text(address) + " now",
                        addresses())
                .noting("it shows the addresses there are; wslproxy listens again as soon as this one is back");
    }

    private Optional<Finding> held() {
        return forward.protocols().stream()
                .min(Comparator.naturalOrder())
                .flatMap(protocol -> computer.portOwner(protocol, firstPort()))
                .map(ListeningCheck::held);
    }

    private static Finding held(HeldPort port) {
        Finding held = Finding.broken(ChainLink.LISTENING, port.cause(), port.cure());
        return port.deletes() ? held.noting("as administrator") : held;
    }

    private int firstPort() {
        return forward.listens().get(0).ports().first();
    }

    /**
     * What it means.
     *
     * @param looked what {@link #look} found; empty if it was not asked for or is not known
     * @param notNeeded whether WSL's ports are on the LAN without us
     */
    Finding finding(Optional<Finding> looked, boolean notNeeded) {
        Optional<ForwardView> view = proxy.view(forward);
        if (view.isEmpty()) {
            return unseen(looked);
        }
        return switch (view.get().state()) {
            case LISTENING ->
                Finding.ok(ChainLink.LISTENING, String.join(" ", view.get().listen()));
            case WAITING ->
                notNeeded
                        ? Finding.info(ChainLink.LISTENING, view.get().error())
                        : Finding.notKnown(ChainLink.LISTENING, view.get().error());
            case PAUSED ->
                Finding.broken(ChainLink.LISTENING, "it is paused, by hand", resume)
                        .noting("a restart of wslproxy resumes it, too");
            case FAILED -> looked.orElseGet(() -> failed(view.get().error()));
        };
    }

    private Finding unseen(Optional<Finding> looked) {
        if (!proxy.isAbsent()) {
            String why = proxy.snapshot().isPresent()
                    ? "the running wslproxy has another configuration"
                    : "wslproxy could not be asked";
            return Finding.skipped(ChainLink.LISTENING, why);
        }
        return looked.orElseGet(() -> Finding.skipped(ChainLink.LISTENING, "wslproxy is not running"));
    }

    private Finding failed(String error) {
        boolean udp = !forward.protocols().contains(Protocol.TCP);
        String command = computer.isWindows()
                ? "netstat -ano | findstr :" + firstPort()
                : "ss -ap" + (udp ? "u" : "t") + "n sport = :" + firstPort();
        return Finding.broken(ChainLink.LISTENING, error, command)
                .noting("it shows who holds the port: end that, or let the forward listen on another port");
    }
}
