package io.github.wslproxy.doctor;

import io.github.wslproxy.doctor.ParallelTasks.Task;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.status.Snapshot.ForwardState;
import io.github.wslproxy.status.Snapshot.ForwardView;
import io.github.wslproxy.windows.PortOwners.HeldPort;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Function;

/**
 * Whether a forward listens, and if not, why: a name that nobody knows, an address that is away, or who holds its port.
 */
final class ListeningCheck implements Check.OfOneLink {
    private final Forward forward;
    private final RunningProxy proxy;
    private final Environment computer;
    private final String resume;
    private final boolean needless;

    /** Finds why wslproxy does not listen; empty if it listens or cannot be asked. */
    private final Optional<Task<Optional<Finding>>> reason;

    ListeningCheck(Forward forward, Facts facts, ParallelTasks tasks) {
        this.forward = forward;
        this.proxy = facts.proxy();
        this.computer = facts.computer();
        this.resume = facts.commands().line("resume", forward.name());
        this.needless = facts.modeThatReplaces(forward).isPresent();
        boolean nobodyListens = proxy.view(forward)
                .map(view -> view.state() == ForwardState.FAILED)
                .orElseGet(proxy::isAbsent);
        this.reason = nobodyListens ? Optional.of(tasks.ask(this::reason)) : Optional.empty();
    }

    private Optional<Finding> reason() {
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

    @Override
    public Finding finding() {
        Optional<Finding> found = reason.flatMap(Task::answer).flatMap(Function.identity());
        return proxy.view(forward).map(view -> finding(view, found)).orElseGet(() -> found.orElseGet(this::unseen));
    }

    private Finding finding(ForwardView view, Optional<Finding> found) {
        return switch (view.state()) {
            case LISTENING -> Finding.ok(ChainLink.LISTENING, String.join(" ", view.listen()));
            case WAITING ->
                needless
                        ? Finding.info(ChainLink.LISTENING, view.error())
                        : Finding.notKnown(ChainLink.LISTENING, view.error());
            case PAUSED ->
                Finding.broken(ChainLink.LISTENING, "it is paused, by hand", resume)
                        .noting("a restart of wslproxy resumes it, too");
            case FAILED -> found.orElseGet(() -> failed(view.error()));
        };
    }

    private Finding unseen() {
        if (proxy.isAbsent()) {
            return Finding.skipped(ChainLink.LISTENING, "wslproxy is not running");
        }
        return Finding.skipped(
                ChainLink.LISTENING,
                proxy.snapshot().isPresent()
                        ? "the running wslproxy has another configuration"
                        : "wslproxy could not be asked");
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
