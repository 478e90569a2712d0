package io.github.wslproxy.cli;

import io.github.wslproxy.forward.Durations;
import io.github.wslproxy.os.OwnCommand;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.status.Snapshot.ForwardState;
import io.github.wslproxy.status.Snapshot.ForwardView;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The state of the proxy as lines for a person: what the page shows. */
final class StatusView {
    private static final String CONFIGURATION = "configuration: ";
    private static final int MOST_CLIENTS = 3;
    private static final int MOST_EVENTS = 5;

    /** Local time, for people; JSON has UTC. */
    static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    /** Begins the rest of a line that is broken. */
    private static final String CONTINUED = "      ";

    private final Snapshot now;
    private final Optional<ForwardTable.Rates> rates;
    private final Instant clock;
    private final ZoneId zone;
    private final OwnCommand commands;

    /**
     * Makes a view of one moment.
     *
     * @param rates empty: they are not known
     * @param clock the time of day, from which the rest of a share is told
     * @param zone of the times that are printed
     * @param commands how a command that is to be copied is printed
     */
    StatusView(Snapshot now, Optional<ForwardTable.Rates> rates, Instant clock, ZoneId zone, OwnCommand commands) {
        this.now = now;
        this.rates = rates;
        this.clock = clock;
        this.zone = zone;
        this.commands = commands;
    }

    /** What is printed once after the start: each forward, where it listens, where it goes, where the LAN finds it. */
    static List<String> started(Snapshot snapshot, Optional<String> statusUrl) {
        List<String> lines = new ArrayList<>();
        lines.add("wslproxy " + snapshot.version() + " is running. " + whereWslIs(snapshot));
        lines.addAll(ForwardTable.ofStart(snapshot.forwards()));
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

    static String whereWslIs(Snapshot snapshot) {
        Snapshot.Target target = snapshot.target();
        boolean isTarget = snapshot.forwards().stream().anyMatch(Snapshot.ForwardView::leadsToWsl);
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
        String hold = Durations.format(target.hold());
        return switch (target.onStopped()) {
            case "hold" -> "; new clients wait up to " + hold + " for it";
            case "wake" -> "; a new client starts it, and waits up to " + hold + " for it";
            default -> "; new clients are refused until it is back";
        };
    }

    /** @param room characters that a line may have, at least some 40 */
    List<String> lines(int room) {
        List<String> table = ForwardTable.ofStatus(now.forwards(), rates, clock, room);
        return Stream.of(wrapped(above(), room), table.stream(), wrapped(below(), room))
                .flatMap(each -> each)
                .toList();
    }

    private List<String> above() {
        List<String> lines = new ArrayList<>();
        lines.add("wslproxy " + now.version() + ", pid " + now.pid() + ", up for "
                + Durations.format(now.uptime().truncatedTo(ChronoUnit.SECONDS)) + ". " + whereWslIs(now));
        if (!now.target().since().equals(Instant.EPOCH)) {
            lines.add("Since " + time(now.target().since()) + ".");
        }
        if (!now.config().isEmpty()) {
            lines.add(CONFIGURATION + now.config());
        }
        if (!now.configError().isEmpty()) {
            lines.add("The last edit of the configuration is not valid, so an older one runs: " + now.configError());
        }
        return lines;
    }

    /** The rate is used by sources, and its maximum is of clients a second: the two cannot be compared. */
    private static String use(String name, Snapshot.LimitView limit) {
        return name.equals("rate") ? "at most " + limit.max() + " a second" : limit.used() + " of " + limit.max();
    }

    private List<String> below() {
        List<String> lines = new ArrayList<>();
        now.forwards().forEach(forward -> clients(forward).ifPresent(lines::add));
        now.forwards().stream()
                .filter(ForwardView::isThroughLocalhost)
                .map(forward -> forward.name() + " goes through WSL's localhost relay.")
                .forEach(lines::add);
        now.limits().forEach((name, limit) -> {
            if (limit.refused() > 0) {
                lines.add("limit " + name + ": " + use(name, limit) + ", " + limit.refused() + " refused");
            }
        });
        section(lines, "Problems:", now.forwards().stream().flatMap(forward -> wrong(forward).stream()));
        section(lines, "Right again:", now.forwards().stream().flatMap(forward -> over(forward).stream()));
        section(lines, "Events:", events());
        return lines;
    }

    private static Stream<String> wrapped(List<String> lines, int room) {
        return lines.stream().flatMap(line -> wrapped(line, room).stream());
    }

    /** Breaks a line at blanks where there are any, and moves the rest of it to the right. */
    private static List<String> wrapped(String line, int room) {
        List<String> lines = new ArrayList<>();
        String rest = line;
        while (TextWidth.of(rest) > room) {
            int most = TextWidth.charactersWithin(rest, room);
            int blank = rest.lastIndexOf(' ', most);
            int end = blank > CONTINUED.length() ? blank : most;
            lines.add(rest.substring(0, end).stripTrailing());
            rest = CONTINUED + rest.substring(end).stripLeading();
        }
        lines.add(rest);
        return lines;
    }

    private static void section(List<String> lines, String head, Stream<String> items) {
        List<String> indented = items.map(item -> "  " + item).toList();
        if (!indented.isEmpty()) {
            lines.add(head);
            lines.addAll(indented);
        }
    }

    private static Optional<String> clients(ForwardView forward) {
        if (forward.clients().isEmpty()) {
            return Optional.empty();
        }
        String most = forward.clients().stream()
                .sorted(Comparator.comparingInt(Snapshot.ClientView::open).reversed())
                .limit(MOST_CLIENTS)
                .map(client -> client.address() + " (" + client.open() + ")")
                .collect(Collectors.joining(", "));
        int more = forward.clients().size() - MOST_CLIENTS;
        return Optional.of("clients of " + forward.name() + ": " + most + (more > 0 ? " and others" : ""));
    }

    private List<String> wrong(ForwardView forward) {
        List<String> wrong = new ArrayList<>();
        if (forward.state() == ForwardState.PAUSED) {
            wrong.add(forward.name() + " is paused; to go on: " + commands.line("resume", forward.name()));
        } else if (!forward.error().isEmpty()) {
            wrong.add(forward.name() + " " + forward.state() + ": " + forward.error() + "; to see why: "
                    + commands.line("doctor", forward.name()));
        }
        forward.lastProblem()
                .filter(problem -> problem.servedSince().isEmpty())
                .map(problem -> forward.name() + " last problem: " + time(problem.at()) + " " + problem.line()
                        + (problem.cure().isEmpty()
                                ? "; to see why: " + commands.line("doctor", forward.name())
                                : "; to fix it: " + problem.cure()))
                .ifPresent(wrong::add);
        return wrong;
    }

    private Optional<String> over(ForwardView forward) {
        return forward.lastProblem().flatMap(problem -> problem.servedSince()
                .map(since -> forward.name() + " last problem: " + time(problem.at()) + " " + problem.line()
                        + "; served since " + time(since)));
    }

    private Stream<String> events() {
        return now.events().stream()
                .skip(Math.max(0, now.events().size() - MOST_EVENTS))
                .map(event -> time(event.at()) + " "
                        + (event.level().equals("info") ? "" : event.level() + ": ")
                        + event.text());
    }

    private String time(Instant at) {
        return TIME.format(at.atZone(zone));
    }
}
