package io.github.wslproxy.cli;

import io.github.wslproxy.os.OwnCommand;
import io.github.wslproxy.forward.DurationWords;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.status.Snapshot.ForwardView;
import io.github.wslproxy.status.Snapshot.Origin;
import io.github.wslproxy.status.Snapshot.ForwardState;
import java.time.Duration;
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

/** How the proxy stands, for a person: what the page shows, as lines. */
final class StatusView {
    /** In the place of a table, as ports of {@code [auto]} come later, or all are switched off. */
    static final String NOTHING = "Nothing is forwarded now.";

    private static final int MOST_CLIENTS = 3;
    private static final int MOST_EVENTS = 5;
    /** Of the day here, for people; JSON has UTC. */
    static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    /** What a line that is broken goes on with. */
    private static final String CONTINUED = "      ";

    /** The columns that a narrow terminal does without, the first one first. */
    private static final List<Column> DISPENSABLE =
            List.of(Column.IN, Column.OUT, Column.TARGET, Column.LISTEN, Column.ORIGIN, Column.URL);

    private enum Column {
        NAME("FORWARD"),
        STATE("STATE"),
        LISTEN("LISTENS ON"),
        TARGET("GOES TO"),
        OPEN("OPEN"),
        RATE_IN("IN/S"),
        RATE_OUT("OUT/S"),
        IN("IN"),
        OUT("OUT"),
        ORIGIN("FROM"),
        URL("LAN URL");

        private final String head;

        Column(String head) {
            this.head = head;
        }
    }

    private final Snapshot now;
    private final Optional<Rates> rates;
    private final Instant clock;
    private final ZoneId zone;
    private final OwnCommand commands;

    /**
     * Shows nothing yet.
     *
     * @param rates empty: they are not known
     * @param clock the time of day that shares end at
     * @param zone in which times are told
     * @param commands that are printed to be copied
     */
    StatusView(Snapshot now, Optional<Rates> rates, Instant clock, ZoneId zone, OwnCommand commands) {
        this.now = now;
        this.rates = rates;
        this.clock = clock;
        this.zone = zone;
        this.commands = commands;
    }

    /** @param room characters that a line may have, at least some 40 */
    List<String> lines(int room) {
        List<String> above = new ArrayList<>();
        above.add("wslproxy " + now.version() + ", pid " + now.pid() + ", up for "
                + DurationWords.of(now.uptime().truncatedTo(ChronoUnit.SECONDS)) + ". " + StartTable.whereWslIs(now));
        if (!now.target().since().equals(Instant.EPOCH)) {
            above.add("Since " + time(now.target().since()) + ".");
        }
        if (!now.config().isEmpty()) {
            above.add(StartTable.CONFIGURATION + now.config());
        }
        if (!now.configError().isEmpty()) {
            above.add("The last edit of the configuration is not valid, so an older one runs: " + now.configError());
        }
        List<String> below = new ArrayList<>();
        now.forwards().forEach(forward -> clients(forward).ifPresent(below::add));
        now.limits().forEach((name, limit) -> {
            if (limit.refused() > 0) {
                below.add("limit " + name + ": " + limit.used() + " of " + limit.max() + ", " + limit.refused()
                        + " refused");
            }
        });
        section(
                below,
                "Problems:",
                now.forwards().stream()
                        .flatMap(forward -> wrong(forward).stream())
                        .toList());
        section(
                below,
                "Right again:",
                now.forwards().stream()
                        .flatMap(forward -> over(forward).stream())
                        .toList());
        section(below, "Events:", events());
        return Stream.of(wrapped(above, room), table(room).stream(), wrapped(below, room))
                .flatMap(each -> each)
                .toList();
    }

    private static Stream<String> wrapped(List<String> lines, int room) {
        return lines.stream().flatMap(line -> wrapped(line, room).stream());
    }

    /** Broken at blanks where there are any, the rest further to the right. */
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

    private static void section(List<String> lines, String head, List<String> items) {
        if (!items.isEmpty()) {
            lines.add(head);
            items.forEach(item -> lines.add("  " + item));
        }
    }

    private List<String> table(int room) {
        if (now.forwards().isEmpty()) {
            return List.of(NOTHING);
        }
        List<Column> columns = new ArrayList<>(List.of(Column.values()));
        if (rates.isEmpty()) {
            columns.removeAll(List.of(Column.RATE_IN, Column.RATE_OUT));
        }
        if (now.forwards().stream().allMatch(forward -> forward.origin() == Origin.FILE)) {
            columns.remove(Column.ORIGIN);
        }
        TextTable table = table(columns);
        for (Column column : DISPENSABLE) {
            if (table.width() <= room) {
                break;
            }
            columns.remove(column);
            table = table(columns);
        }
        return table.lines(room);
    }

    private TextTable table(List<Column> columns) {
        TextTable table =
                new TextTable(columns.stream().map(column -> column.head).toArray(String[]::new));
        for (ForwardView forward : now.forwards()) {
            table.row(columns.stream().map(column -> cell(column, forward)).toArray(String[]::new));
        }
        return table;
    }

    private String cell(Column column, ForwardView forward) {
        return switch (column) {
            case NAME -> forward.name();
            case STATE -> forward.state().toString();
            case LISTEN ->
                String.join(" ", forward.listen()) + (forward.protocol().equals("tcp") ? "" : " " + forward.protocol());
            case TARGET -> StartTable.goesTo(forward);
            case OPEN -> Long.toString(forward.open());
            case RATE_IN -> rate(forward, Rates::in);
            case RATE_OUT -> rate(forward, Rates::out);
            case IN -> ByteWords.of(forward.bytesIn());
            case OUT -> ByteWords.of(forward.bytesOut());
            case ORIGIN -> origin(forward);
            case URL -> forward.urls().isEmpty() ? "-" : forward.urls().get(0);
        };
    }

    private String rate(ForwardView forward, RateOf which) {
        return rates.map(known -> which.of(known, forward.name()))
                .flatMap(rate -> rate)
                .map(ByteWords::of)
                .orElse("-");
    }

    private interface RateOf {
        Optional<Long> of(Rates rates, String forward);
    }

    private String origin(ForwardView forward) {
        return switch (forward.origin()) {
            case FILE -> "file";
            case AUTO -> "auto";
            case SHARE ->
                "share" + forward.endsAt().map(end -> ", " + left(end)).orElse("");
        };
    }

    private String left(Instant end) {
        return remaining(end, clock);
    }

    /** {@code 1h59m left}. */
    static String remaining(Instant end, Instant clock) {
        long seconds = Math.max(0, Duration.between(clock, end).toSeconds());
        // Nobody who has hours left looks at the seconds.
        long shown = seconds >= 3600 ? seconds / 60 * 60 : seconds;
        return DurationWords.of(Duration.ofSeconds(shown)) + " left";
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
                .map(problem -> forward.name() + " last problem: " + when(problem) + problem.line()
                        + (problem.cure().isEmpty()
                                ? "; to see why: " + commands.line("doctor", forward.name())
                                : "; to fix it: " + problem.cure()))
                .ifPresent(wrong::add);
        return wrong;
    }

    private Optional<String> over(ForwardView forward) {
        return forward.lastProblem().flatMap(problem -> problem.servedSince()
                .map(since -> forward.name() + " last problem: " + when(problem) + problem.line() + "; served since "
                        + time(since)));
    }

    /** The time that an older version tells stands in its text. */
    private String when(Snapshot.LastProblem problem) {
        return problem.at().equals(Instant.EPOCH) ? "" : time(problem.at()) + " ";
    }

    private List<String> events() {
        List<Snapshot.Event> events = now.events();
        return events.subList(Math.max(0, events.size() - MOST_EVENTS), events.size()).stream()
                .map(event -> time(event.at()) + " " + (event.level().equals("info") ? "" : event.level() + ": ")
                        + event.text())
                .toList();
    }

    private String time(Instant at) {
        return TIME.format(at.atZone(zone));
    }
}
