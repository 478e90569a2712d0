package io.github.wslproxy.app;

import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.os.OwnCommand;
import io.github.wslproxy.relay.PortOwner;
import io.github.wslproxy.windows.PortOwners;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Says who holds a port that cannot be listened on: another instance of this user, or else what Windows tells. It
 * answers a limited number of questions, because each runs several programs and a range of ports may fail as a whole.
 */
final class PortHolders implements PortOwner {
    private static final int MOST_QUESTIONS = 32;

    private final Optional<InstanceFile> own;
    private final StateDirectory state;
    private final AtomicInteger left = new AtomicInteger(MOST_QUESTIONS);
    private volatile List<RunningInstance.Started> others = List.of();

    /**
     * Make it when the configuration has just been read: later its path may lead to another file, and then not to the
     * lock that this process holds.
     *
     * @param config the configuration that this process holds the lock of, if any
     */
    PortHolders(Optional<Path> config, StateDirectory state) {
        this.own = config.filter(unused -> state.problem().isEmpty()).flatMap(file -> InstanceFile.of(file, state));
        this.state = state;
    }

    @Override
    public Optional<String> describe(Protocol protocol, int port) {
        return left.getAndDecrement() > 0
                ? otherInstance(protocol, port)
                        .or(() -> PortOwners.ofThisComputer().describe(protocol, port))
                : Optional.empty();
    }

    /** Finds which instances of this user run beside this one. May block. */
    void look() {
        others = RunningInstance.othersThan(own, state).stream()
                .flatMap(other -> other.started().stream())
                .toList();
    }

    /** Whether another instance had that TCP port at the last {@link #look}. */
    boolean isOfAnother(int port) {
        return others.stream()
                .anyMatch(other -> other.hasPort(Protocol.TCP, port)
                        || other.status().filter(at -> at.getPort() == port).isPresent());
    }

    private Optional<String> otherInstance(Protocol protocol, int port) {
        return RunningInstance.othersThan(own, state).stream()
                .filter(other -> other.started()
                        .filter(started -> started.hasPort(protocol, port))
                        .isPresent())
                .findFirst()
                .map(other -> heldBy(other, protocol, port));
    }

    private static String heldBy(RunningInstance other, Protocol protocol, int port) {
        String who = protocol + " port " + port + " is held by another wslproxy (pid " + other.pid() + ")";
        return other.config()
                .map(file -> who + ", which runs " + file + ": "
                        + OwnCommand.naming(Path.of(file)).line("stop") + " ends that one")
                .orElse(who + ": end that one, or let the forward listen on another port");
    }
}
