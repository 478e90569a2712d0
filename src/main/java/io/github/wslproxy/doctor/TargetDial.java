package io.github.wslproxy.doctor;

import io.github.wslproxy.doctor.ParallelTasks.Task;
import io.github.wslproxy.doctor.SocketDialer.DialResult;
import io.github.wslproxy.forward.Durations;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The connects of the doctor to the target of a forward.
 *
 * @param addresses those of the target; empty if none is known
 * @param nameUnknown whether the target is a name that is known to have no address
 * @param connects in the order of the addresses
 */
record TargetDial(
        Forward forward,
        List<InetAddress> addresses,
        boolean nameUnknown,
        Map<InetSocketAddress, Task<DialResult>> connects) {
    /** No more ports of a range are tried. */
    private static final int MOST_PORTS = 8;

    /** No more addresses of a name are tried; the relay tries each in turn. */
    private static final int MOST_ADDRESSES = 4;

    /** A VM or a LAN needs less, and a person does not wait longer. Windows takes two seconds to learn "refused". */
    static final Duration LONGEST_CONNECT = Duration.ofSeconds(5);

    /** DNS may take half a minute to say no while there is no network. */
    private static final Duration LONGEST_LOOK_UP = Duration.ofSeconds(3);

    /** Looks the names of all targets up side by side, and starts the connects; in the order of the forwards. */
    static List<TargetDial> start(List<Forward> forwards, Facts facts, ParallelTasks tasks) {
        List<Optional<Task<List<InetAddress>>>> lookUps = forwards.stream()
                .map(forward -> lookUp(forward.target().host(), facts.computer(), tasks))
                .toList();
        List<TargetDial> dials = new ArrayList<>();
        for (int i = 0; i < forwards.size(); i++) {
            Forward forward = forwards.get(i);
            Optional<List<InetAddress>> found = lookUps.get(i).flatMap(Task::answer);
            List<InetAddress> addresses = found.orElseGet(() -> withoutLookUp(forward, facts));
            boolean nameUnknown = found.filter(List::isEmpty).isPresent();
            dials.add(new TargetDial(
                    forward, addresses, nameUnknown, connects(forward, addresses, facts.computer(), tasks)));
        }
        return dials;
    }

    private static Optional<Task<List<InetAddress>>> lookUp(Host host, Environment computer, ParallelTasks tasks) {
        return host instanceof Host.Name name
                ? Optional.of(tasks.ask(() -> computer.lookUp(name.value()), LONGEST_LOOK_UP))
                : Optional.empty();
    }

    private static List<InetAddress> withoutLookUp(Forward forward, Facts facts) {
        Host host = forward.target().host();
        if (host instanceof Host.Address address) {
            return List.of(address.value());
        }
        return host instanceof Host.Wsl ? facts.wsl().address().stream().toList() : List.of();
    }

    private static Map<InetSocketAddress, Task<DialResult>> connects(
            Forward forward, List<InetAddress> addresses, Environment computer, ParallelTasks tasks) {
        Map<InetSocketAddress, Task<DialResult>> connects = new LinkedHashMap<>();
        if (forward.protocols().contains(Protocol.TCP)) {
            Duration connect = Durations.shorter(forward.timeouts().connect(), LONGEST_CONNECT);
            PortRange ports = forward.target().ports();
            addresses.stream()
                    .limit(MOST_ADDRESSES)
                    .flatMap(address -> IntStream.rangeClosed(ports.first(), ports.last())
                            .limit(MOST_PORTS)
                            .mapToObj(port -> new InetSocketAddress(address, port)))
                    .forEach(to -> connects.put(to, tasks.ask(() -> computer.dial(to, connect, Duration.ZERO))));
        }
        return connects;
    }

    /** Waits for the connects, and leaves out those that are not over in time. */
    Map<InetSocketAddress, DialResult> results() {
        Map<InetSocketAddress, DialResult> results = new LinkedHashMap<>();
        connects.forEach((to, task) -> task.answer().ifPresent(result -> results.put(to, result)));
        return results;
    }

    /** Waits for the connects; those that the target accepted, the lowest port first. */
    List<InetSocketAddress> accepting() {
        Map<InetSocketAddress, DialResult> results = results();
        return results.keySet().stream()
                .filter(to -> results.get(to) instanceof DialResult.Accepted)
                .sorted(Comparator.comparingInt(InetSocketAddress::getPort))
                .toList();
    }
}
