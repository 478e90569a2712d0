package io.github.wslproxy.cli;

import io.github.wslproxy.forward.Durations;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.status.Snapshot.ForwardView;
import io.github.wslproxy.status.Snapshot.Origin;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** Forwards as a table, a row each. */
final class ForwardTable {
    /** Stands in the place of a table: ports of {@code [auto]} may come later, or all forwards are switched off. */
    private static final String NOTHING = "Nothing is forwarded now.";

    private static final String UNITS = "kMGTPE";

    /** The columns that a narrow terminal does without, the first one first. */
    private static final List<Column> DISPENSABLE =
            List.of(Column.IN, Column.OUT, Column.TARGET, Column.LISTEN, Column.ORIGIN, Column.URL);

    private enum Column {
        NAME("FORWARD"),
        PROTOCOL("PROTOCOL"),
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

    private final List<ForwardView> forwards;
    private final Optional<Rates> rates;
    private final Instant clock;

    private ForwardTable(List<ForwardView> forwards, Optional<Rates> rates, Instant clock) {
        this.forwards = forwards;
        this.rates = rates;
        this.clock = clock;
    }

    /** Shows what does not change by itself: where each forward listens and leads. */
    static List<String> ofStart(List<ForwardView> forwards) {
        List<Column> columns = List.of(Column.NAME, Column.PROTOCOL, Column.LISTEN, Column.TARGET, Column.URL);
        return forwards.isEmpty()
                ? List.of(NOTHING)
                : new ForwardTable(forwards, Optional.empty(), Instant.EPOCH)
                        .table(columns)
                        .lines();
    }

    /**
     * Shows what each forward does now.
     *
     * @param rates empty: they are not known
     * @param clock the time of day, from which the rest of a share is told
     * @param room characters that a line may have
     */
    static List<String> ofStatus(List<ForwardView> forwards, Optional<Rates> rates, Instant clock, int room) {
        return forwards.isEmpty() ? List.of(NOTHING) : new ForwardTable(forwards, rates, clock).lines(room);
    }

    private List<String> lines(int room) {
        List<Column> columns = new ArrayList<>(List.of(Column.values()));
        columns.remove(Column.PROTOCOL);
        if (rates.isEmpty()) {
            columns.removeAll(List.of(Column.RATE_IN, Column.RATE_OUT));
        }
        if (forwards.stream().allMatch(forward -> forward.origin() == Origin.FILE)) {
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
        boolean protocolWithListen = !columns.contains(Column.PROTOCOL);
        for (ForwardView forward : forwards) {
            table.row(columns.stream()
                    .map(column ->
                            column == Column.LISTEN ? listen(forward, protocolWithListen) : cell(column, forward))
                    .toArray(String[]::new));
        }
        return table;
    }

    private static String listen(ForwardView forward, boolean withProtocol) {
        String listen = String.join(" ", forward.listen());
        return withProtocol && !forward.protocol().equals("tcp") ? listen + " " + forward.protocol() : listen;
    }

    private String cell(Column column, ForwardView forward) {
        return switch (column) {
            case NAME -> forward.name();
            case PROTOCOL -> forward.protocol();
            case STATE -> forward.state().toString();
            case LISTEN -> listen(forward, false);
            case TARGET -> goesTo(forward);
            case OPEN -> Long.toString(forward.open());
            case RATE_IN -> rate(forward, ForwardView::bytesIn);
            case RATE_OUT -> rate(forward, ForwardView::bytesOut);
            case IN -> bytes(forward.bytesIn());
            case OUT -> bytes(forward.bytesOut());
            case ORIGIN -> origin(forward);
            case URL -> forward.urls().isEmpty() ? "-" : forward.urls().get(0);
        };
    }

    private static String goesTo(ForwardView forward) {
        boolean literal = forward.target().equals(forward.resolved());
        return literal || forward.resolved().isEmpty()
                ? forward.target()
                : forward.target() + " = " + forward.resolved();
    }

    private String origin(ForwardView forward) {
        return switch (forward.origin()) {
            case FILE -> "file";
            case AUTO -> "auto";
            case SHARE ->
                "share"
                        + forward.endsAt()
                                .map(end -> ", " + remaining(end, clock))
                                .orElse("");
        };
    }

    static String remaining(Instant end, Instant clock) {
        long seconds = Math.max(0, Duration.between(clock, end).toSeconds());
        // Nobody who has hours left looks at the seconds.
        long shown = seconds >= 3600 ? seconds / 60 * 60 : seconds;
        return Durations.format(Duration.ofSeconds(shown)) + " left";
    }

    private String rate(ForwardView forward, ToLongFunction<ForwardView> bytes) {
        return rates.flatMap(known -> known.of(forward.name(), bytes))
                .map(ForwardTable::bytes)
                .orElse("-");
    }

    /** Three digits or so, by powers of 1000: {@code 0}, {@code 999}, {@code 4.1k}, {@code 53M}. */
    static String bytes(long bytes) {
        if (bytes < 1000) {
            return Long.toString(bytes);
        }
        double rest = bytes;
        int unit = -1;
        while (rest >= 999.5) {
            rest /= 1000;
            unit++;
        }
        // A number that would be rounded to 10.0 would have one digit too many.
        return String.format(Locale.ROOT, rest < 9.95 ? "%.1f%c" : "%.0f%c", rest, UNITS.charAt(Math.max(0, unit)));
    }

    /** Bytes a second between two looks at one process. */
    static final class Rates {
        private final Map<String, ForwardView> before;
        private final Map<String, ForwardView> now;
        private final double seconds;

        /** @param passed from the first look to the second one, not zero */
        Rates(Snapshot before, Snapshot now, Duration passed) {
            this.before = before.pid() == now.pid() ? byName(before) : Map.of();
            this.now = byName(now);
            this.seconds = passed.toNanos() / 1e9;
        }

        private static Map<String, ForwardView> byName(Snapshot snapshot) {
            return snapshot.forwards().stream()
                    .collect(Collectors.toMap(ForwardView::name, Function.identity(), (one, other) -> one));
        }

        /** Empty for a forward that was not there before. A forward that was made anew counts from zero. */
        Optional<Long> of(String forward, ToLongFunction<ForwardView> bytes) {
            ForwardView one = before.get(forward);
            ForwardView other = now.get(forward);
            return one == null || other == null
                    ? Optional.empty()
                    : Optional.of(Math.round(Math.max(0, bytes.applyAsLong(other) - bytes.applyAsLong(one)) / seconds));
        }
    }
}
