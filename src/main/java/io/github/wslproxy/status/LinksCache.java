package io.github.wslproxy.status;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Keeps the lists of connections that were asked for lately, as each takes a look at every connection of a forward on
 * the event loops that carry the traffic. Safe for any thread.
 */
final class LinksCache {
    private static final int MOST_FORWARDS = 16;
    private static final long OLD_NANOS = Duration.ofSeconds(5).toNanos();
    private static final Response TOO_OFTEN =
            Response.line(429, "the connections were asked for too often; ask again in a second");

    private final AdminApi admin;
    private final Pace pace;
    private final LongSupplier nanoTime;
    private final Map<String, Listed> newest = new LinkedHashMap<>();
    private long changes;

    private record Listed(long at, Response response) {}

    /** @param period between two looks at the connections of any forward, on average */
    LinksCache(AdminApi admin, Duration period, LongSupplier nanoTime) {
        this.admin = admin;
        this.pace = new Pace(period, nanoTime);
        this.nanoTime = nanoTime;
    }

    /** The newest list, or that there is none yet; empty if the caller is to {@link #renew} it. */
    synchronized Optional<Response> standing(String forward) {
        if (pace.take()) {
            return Optional.empty();
        }
        long now = nanoTime.getAsLong();
        newest.values().removeIf(listed -> now - listed.at() > OLD_NANOS);
        Listed listed = newest.get(forward);
        return Optional.of(listed == null ? TOO_OFTEN : listed.response());
    }

    /** Looks again; may block for some seconds. */
    Response renew(String forward) {
        long before = changes();
        Response response = admin.links(forward)
                .map(links -> Response.of(200, Response.JSON, StatusJson.links(links)))
                .orElseGet(() -> Response.line(404, "no such forward"));
        if (response.status() == 200) {
            keep(forward, response, before);
        }
        return response;
    }

    /** The lists made so far, and those being made now, are out of date from here on. */
    synchronized void forget() {
        changes++;
        newest.clear();
    }

    private synchronized long changes() {
        return changes;
    }

    private synchronized void keep(String forward, Response response, long before) {
        if (changes != before) {
            return;
        }
        newest.remove(forward);
        newest.put(forward, new Listed(nanoTime.getAsLong(), response));
        if (newest.size() > MOST_FORWARDS) {
            newest.remove(newest.keySet().iterator().next());
        }
    }
}
