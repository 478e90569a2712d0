package io.github.wslproxy.status;

import io.netty.channel.EventLoop;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides who is answered, and with which document. A document that is at hand is sent from the event loop at once; one
 * that has to be made, and any action, is left to other threads.
 */
final class StatusHandler implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StatusHandler.class);
    private static final int ACTIONS_QUEUED = 16;

    private static final String PAGE = "/";
    private static final String STATUS = "/api/status";
    private static final String LINKS = "/api/links";
    private static final String QR = "/api/qr";
    private static final String METRICS = "/metrics";
    private static final List<String> READABLE = List.of(PAGE, STATUS, LINKS, QR, METRICS);
    private static final Response THE_PAGE = Response.of(200, "text/html; charset=utf-8", StatusPage.DOCUMENT);

    /**
     * A site in the browser of this computer may give its own name our address (DNS rebinding), and would then read the
     * answers as its own. The browser still sends that name, so only names that nobody can own are answered.
     */
    private static final Pattern OWN_HOST =
            Pattern.compile("(?i)(?:localhost|127(?:\\.\\d{1,3}){3}|\\[::1])(?::\\d{1,5})?");

    private final SnapshotCache snapshots;
    private final LinksCache links;
    private final AdminHandler actions;
    private final StatusWorkers readers;
    private final StatusWorkers actors;
    private final AtomicBoolean failing = new AtomicBoolean();

    /** @param loop measures how long an answer takes */
    StatusHandler(
            Supplier<Snapshot> snapshot, AdminApi admin, String token, StatusServer.Limits limits, EventLoop loop) {
        snapshots = new SnapshotCache(snapshot, limits.period(), System::nanoTime);
        links = new LinksCache(admin, limits.period(), System::nanoTime);
        actions = new AdminHandler(admin, token);
        readers = new StatusWorkers("wslproxy-status-reader", limits.connections(), loop, limits.deadline());
        actors = new StatusWorkers("wslproxy-status-action", ACTIONS_QUEUED, loop, limits.deadline());
    }

    /** @param reply is called once, on any thread */
    void answer(Request request, Consumer<Response> reply) {
        if (!isOwnHost(request.all("Host")) || !isOwnTarget(request.target())) {
            reply.accept(Response.line(421, "only answered under 127.0.0.1, [::1] or localhost"));
        } else if (actions.has(request.path())) {
            act(request, reply);
        } else if (!READABLE.contains(request.path())) {
            reply.accept(Response.line(404, "not found; there are / and /api/status and /metrics"));
        } else if (!request.method().equals("GET") && !request.isHead()) {
            reply.accept(Response.notAllowed("GET, HEAD", "only GET is answered"));
        } else {
            read(request, reply);
        }
    }

    private static boolean isOwnHost(List<String> hosts) {
        return hosts.size() == 1 && OWN_HOST.matcher(hosts.get(0)).matches();
    }

    /** A request to a proxy names the host in its first line, which then counts (RFC 9112 section 3.2.2). */
    private static boolean isOwnTarget(URI target) {
        String host = target.getRawAuthority();
        return host == null || OWN_HOST.matcher(host).matches();
    }

    private void act(Request request, Consumer<Response> reply) {
        if (!request.method().equals("POST")) {
            reply.accept(Response.notAllowed("POST", "only POST does something"));
            return;
        }
        // A client that may do nothing here takes no thread.
        Optional<Response> forbidden = actions.forbidden(request);
        if (forbidden.isPresent()) {
            reply.accept(forbidden.get());
            return;
        }
        actors.make(
                () -> {
                    try {
                        return actions.carryOut(request);
                    } finally {
                        forget();
                    }
                },
                this::cannotShow,
                reply);
    }

    private void read(Request request, Consumer<Response> reply) {
        switch (request.path()) {
            case PAGE -> reply.accept(THE_PAGE);
            case LINKS -> links(request.target(), reply);
            case QR -> qr(request.target(), reply);
            case METRICS -> metrics(request, reply);
            default -> show(STATUS, StatusHandler::status, reply);
        }
    }

    private static Response status(Snapshot shown) {
        return Response.of(200, Response.JSON, StatusJson.bytes(shown));
    }

    private void links(URI request, Consumer<Response> reply) {
        Optional<String> name = parameter(request, "forward");
        if (name.isEmpty()) {
            reply.accept(Response.line(400, "which forward? " + LINKS + "?forward=NAME"));
            return;
        }
        Optional<Response> standing = links.standing(name.get());
        if (standing.isPresent()) {
            reply.accept(standing.get());
        } else {
            readers.make(() -> links.renew(name.get()), this::cannotShow, reply);
        }
    }

    /** Draws only URLs that the page shows, so that nobody can have it draw anything else. */
    private void qr(URI request, Consumer<Response> reply) {
        Optional<String> url = parameter(request, "url");
        if (url.isEmpty()) {
            reply.accept(Response.line(400, "of which URL? " + QR + "?url=URL"));
            return;
        }
        show(QR + " " + url.get(), shown -> qr(shown, url.get()), reply);
    }

    private static Response qr(Snapshot shown, String url) {
        boolean isShown =
                shown.forwards().stream().anyMatch(forward -> forward.urls().contains(url));
        return isShown
                ? Response.of(200, "image/svg+xml", QrSvg.of(url))
                : Response.line(404, "no forward has that URL");
    }

    private void metrics(Request request, Consumer<Response> reply) {
        String accept = request.header("Accept");
        show(METRICS + " " + StatusMetrics.isOpenMetrics(accept), shown -> metrics(shown, accept), reply);
    }

    private static Response metrics(Snapshot shown, @Nullable String accept) {
        StatusMetrics.Exposition exposition = StatusMetrics.of(shown, accept);
        return Response.of(200, exposition.contentType(), exposition.text());
    }

    /** The one parameter that a request may have; empty if it has none or another one. */
    private static Optional<String> parameter(URI request, String name) {
        String query = request.getRawQuery();
        if (query == null || !query.startsWith(name + "=")) {
            return Optional.empty();
        }
        try {
            return Optional.of(URLDecoder.decode(query.substring(name.length() + 1), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException halfAnEscape) {
            return Optional.empty();
        }
    }

    /** @param document its name; documents of one name have one text */
    private void show(String document, Function<Snapshot, Response> make, Consumer<Response> reply) {
        Optional<SnapshotCache.Rendered> standing = snapshots.standing();
        Response ready = standing.map(shown -> shown.ready(document)).orElse(null);
        if (ready != null) {
            reply.accept(ready);
            return;
        }
        readers.make(
                () -> {
                    Response made = standing.orElseGet(snapshots::renew).response(document, make);
                    failing.set(false);
                    return made;
                },
                this::cannotShow,
                reply);
    }

    private Response cannotShow(Throwable cause) {
        if (!failing.getAndSet(true)) {
            log.warn("no status can be given (said once, until it can): {}", cause.toString());
            log.debug("why no status can be given", cause);
        }
        return Response.line(500, "the status could not be read; the reason is in the log of wslproxy");
    }

    /** What was read so far is out of date from here on. */
    void forget() {
        snapshots.forget();
        links.forget();
    }

    @Override
    public void close() {
        readers.close();
        actors.close();
    }
}
