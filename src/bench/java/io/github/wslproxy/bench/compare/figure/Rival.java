package io.github.wslproxy.bench.compare.figure;

import java.util.Comparator;
import java.util.Optional;

/** Whom wslproxy is compared with. */
public enum Rival {
    /** Of the peers that copy, the one with the best median of this very figure. */
    BEST_COPIER("best copier"),
    DOCKER_PROXY("docker-proxy"),
    NGINX("nginx");

    private final String title;

    Rival(String title) {
        this.title = title;
    }

    /** As the heads of the table have it; that of a peer is its column's name. */
    public String title() {
        return title;
    }

    /** Who that is in a line; empty if none has taken part and finished. */
    Optional<Column> in(Line line) {
        if (this == BEST_COPIER) {
            Comparator<Column> byMedian = Comparator.comparingDouble(column -> line.median(column));
            return line.measuredColumns()
                    .filter(column -> column.kind() == Column.Kind.COPIES)
                    .max(line.figure().better() == Better.MORE ? byMedian : byMedian.reversed());
        }
        return line.measuredColumns()
                .filter(column -> column.name().equals(title))
                .findAny();
    }
}
