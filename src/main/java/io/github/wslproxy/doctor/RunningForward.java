package io.github.wslproxy.doctor;

import io.github.wslproxy.config.AutoSettings;
import io.github.wslproxy.config.Settings;
import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.status.Snapshot.ForwardView;
import io.github.wslproxy.status.Snapshot.Origin;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Forwards that run beside those of the file: what is shared, and what [auto] lets in. Each has one port, here and in
 * WSL.
 */
final class RunningForward {
    private RunningForward() {}

    static List<Forward> besideTheFile(Snapshot running, Settings settings) {
        return running.forwards().stream()
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
