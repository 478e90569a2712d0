package io.github.wslproxy.doctor;

import io.github.wslproxy.config.Settings;
import io.github.wslproxy.config.Settings.AutoSettings;
import io.github.wslproxy.config.Settings.StatusSettings;
import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.status.Snapshot.ForwardView;
import io.github.wslproxy.status.Snapshot.Origin;
import io.github.wslproxy.status.StatusAnswer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The proxy that answers at the status address, if one does.
 *
 * @param answer empty if nobody could be asked, or the answer did not come in time
 */
record RunningProxy(StatusSettings settings, Optional<StatusAnswer> answer) {

    /** Asks it, unless its status is switched off. */
    static RunningProxy ask(StatusSettings settings, Environment computer) {
        return new RunningProxy(settings, settings.listen().map(computer::status));
    }

    /** Asks it within the time of {@code tasks}, and waits for the answer. */
    static RunningProxy ask(StatusSettings settings, Environment computer, ParallelTasks tasks) {
        return tasks.ask(() -> ask(settings, computer))
                .answer()
                .orElseGet(() -> new RunningProxy(settings, Optional.empty()));
    }

    /** Its status; empty unless it is known that it runs. */
    Optional<Snapshot> snapshot() {
        return answer.flatMap(one ->
                one instanceof StatusAnswer.Running running ? Optional.of(running.snapshot()) : Optional.empty());
    }

    /** Whether it is known what runs, or that none does. */
    boolean isKnown() {
        return snapshot().isPresent() || isAbsent();
    }

    /** Whether it is known that none runs. */
    boolean isAbsent() {
        return answer.filter(StatusAnswer.Nobody.class::isInstance).isPresent();
    }

    /** The status of a forward, if the proxy runs it as the configuration has it. */
    Optional<ForwardView> view(Forward forward) {
        return snapshot().stream()
                .flatMap(snapshot -> snapshot.forwards().stream())
                .filter(view -> isSame(view, forward))
                .findFirst();
    }

    private static boolean isSame(ForwardView view, Forward forward) {
        return view.name().equals(forward.name())
                && view.protocol().equals(forward.protocolWord())
                && view.target().equals(forward.target().toString())
                && view.listen()
                        .equals(forward.listens().stream()
                                .map(Endpoint::toString)
                                .toList());
    }

    /**
     * The forwards that run beside those of the file: what is shared, and what [auto] lets in. Each has one port, here
     * and in WSL.
     */
    List<Forward> besideTheFile(Settings settings) {
        return snapshot().stream()
                .flatMap(running -> running.forwards().stream())
                .filter(view -> view.origin() != Origin.FILE)
                .flatMap(view -> forward(view, settings).stream())
                .toList();
    }

    private static Optional<Forward> forward(ForwardView view, Settings settings) {
        try {
            PortRange port = PortRange.of(
                    Integer.parseInt(view.target().substring(view.target().lastIndexOf(':') + 1)));
            return Optional.of(Forward.everywhere(
                    view.name(),
                    Arrays.stream(view.protocol().split("\\+", -1))
                            .map(word -> Protocol.valueOf(word.toUpperCase(Locale.ROOT)))
                            .collect(Collectors.toSet()),
                    port,
                    access(view.origin(), settings),
                    settings.defaults().timeouts(),
                    settings.defaults().limits(),
                    settings.defaults().proxyProtocol()));
        } catch (IllegalArgumentException ofAnotherVersion) {
            return Optional.empty();
        }
    }

    private static Access access(Origin origin, Settings settings) {
        Access defaults = settings.defaults().access();
        return origin == Origin.AUTO ? settings.auto().map(AutoSettings::access).orElse(defaults) : defaults;
    }
}
