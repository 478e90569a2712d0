package io.github.wslproxy.cli;

import io.github.wslproxy.forward.DurationWords;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.status.Snapshot.ForwardView;
import io.github.wslproxy.status.Snapshot.ForwardState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is printed once after start: each forward, where it listens, where it goes, where the LAN finds it. */
final class StartTable {
    /** Comes before the path of the configuration. */
    static final String CONFIGURATION = "configuration: ";

    private StartTable() {}

    static List<String> lines(Snapshot snapshot, Optional<String> statusUrl) {
        TextTable table = new TextTable("FORWARD", "PROTOCOL", "LISTENS ON", "GOES TO", "LAN URL");
        for (ForwardView forward : snapshot.forwards()) {
            table.row(
                    forward.name(),
                    forward.protocol(),
                    String.join(" ", forward.listen()),
                    goesTo(forward),
                    forward.urls().isEmpty() ? "-" : forward.urls().get(0));
        }
        List<String> lines = new ArrayList<>();
        lines.add("wslproxy " + snapshot.version() + " is running. " + whereWslIs(snapshot));
        lines.addAll(snapshot.forwards().isEmpty() ? List.of(StatusView.NOTHING) : table.lines());
        snapshot.forwards().stream()
                .filter(forward -> forward.state() == ForwardState.LISTENING
                        && forward.urls().isEmpty()
                        && !forward.whyNoUrl().isEmpty())
                .map(forward -> forward.name() + " has no LAN URL: " + forward.whyNoUrl() + ".")
                .forEach(lines::add);
        snapshot.forwards().stream()
                .filter(forward -> forward.state() != ForwardState.LISTENING)
                .map(forward -> forward.name() + " " + forward.state() + ": " + forward.error())
                .forEach(lines::add);
        if (!snapshot.config().isEmpty()) {
            lines.add(CONFIGURATION + snapshot.config());
        }
        statusUrl.ifPresent(url -> lines.add("status: " + url));
        return lines;
    }

    static String goesTo(ForwardView forward) {
        boolean literal = forward.target().equals(forward.resolved());
        return literal || forward.resolved().isEmpty()
                ? forward.target()
                : forward.target() + " = " + forward.resolved();
    }

    static String whereWslIs(Snapshot snapshot) {
        Snapshot.Target target = snapshot.target();
        boolean isTarget = snapshot.forwards().stream()
                .anyMatch(forward -> forward.target().startsWith("wsl:"));
        String where =
                switch (target.state()) {
                    case "up" -> "WSL is at " + target.address();
                    case "down" -> "WSL is stopped" + (isTarget ? whatClientsGet(target) : "");
                    case "on-lan" -> "WSL's ports are on the LAN already";
                    default -> "WSL's address is not known" + (isTarget ? whatClientsGet(target) : "");
                };
        return where + " (" + target.reason() + ").";
    }

    private static String whatClientsGet(Snapshot.Target target) {
        String hold = DurationWords.of(target.hold());
        return switch (target.onStopped()) {
            case "hold" -> "; new clients wait up to " + hold + " for it";
            case "wake" -> "; a new client starts it, and waits up to " + hold + " for it";
            default -> "; new clients are refused until it is back";
        };
    }
}
