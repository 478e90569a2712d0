package io.github.wslproxy.bench.compare.program;

import java.util.List;

/**
 * What a program has to do.
 *
 * @param routes at least one
 * @param links how many TCP links it has to hold at once
 * @param probing whether wslproxy asks a command where its target is, as on Windows; else the address stands in its
 *     configuration
 */
public record Assignment(List<Route> routes, int links, boolean probing) {
    /** Enough for every row that says nothing else, and within what every program allows by default. */
    public static final int FEW_LINKS = 100;

    public static Assignment of(Route... routes) {
        return new Assignment(List.of(routes), FEW_LINKS, false);
    }

    int ports() {
        return routes.stream().mapToInt(Route::ports).sum();
    }
}
