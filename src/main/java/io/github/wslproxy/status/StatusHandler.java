package io.github.wslproxy.status;

import com.google.gson.JsonObject;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides who is answered, and with which document. */
final class StatusHandler implements HttpHandler {
    private static final Logger log = LoggerFactory.getLogger(StatusHandler.class);
    private static final String PLAIN = "text/plain; charset=utf-8";

    /** By the standard JSON needs no charset, but Windows PowerShell 5 reads Latin-1 without it. */
    private static final String JSON = "application/json; charset=utf-8";

    private static final String LINKS = "/api/links";
    private static final String QR = "/api/qr";
    private static final String METRICS = "/metrics";

    /**
     * A site in the browser of this computer may give its own name our address (DNS rebinding), and would then read the
     * answers as its own. The browser still sends that name, so only names nobody can own are answered.
     */
    private static final Pattern OWN_HOST =
            Pattern.compile("(?i)(?:localhost|127(?:\\.\\d{1,3}){3}|\\[::1])(?::\\d{1,5})?");

    private static final Map<String, Document> DOCUMENTS = Map.of(
            "/", new Document("text/html; charset=utf-8", StatusPage::of),
            "/api/status", new Document(JSON, StatusJson::of));

    private final Supplier<Snapshot> snapshot;
    private final Controls controls;
    private final Actions actions;
    private final AtomicBoolean failing = new AtomicBoolean();

    private record Document(String contentType, Function<Snapshot, String> text) {}

    private record Answer(int status, String contentType, String text) {
        static Answer line(int status, String line) {
            return new Answer(status, PLAIN, line + "\n");
        }
    }

    StatusHandler(Supplier<Snapshot> snapshot, Controls controls, String token) {
        this.snapshot = snapshot;
        this.controls = controls;
        this.actions = new Actions(controls, token);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            send(exchange, answer(exchange));
        }
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        if (!isOwnHost(exchange.getRequestHeaders().get("Host")) || !isOwnTarget(exchange.getRequestURI())) {
            return Answer.line(421, "only answered under 127.0.0.1, [::1] or localhost");
        }
        String path = exchange.getRequestURI().getPath();
        if (actions.has(path)) {
            return act(exchange);
        }
        Function<HttpExchange, Answer> reading = reading(path);
        if (reading == null) {
            return Answer.line(404, "not found; there are / and /api/status and /metrics");
        }
        if (!isGet(exchange) && !isHead(exchange)) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            return Answer.line(405, "only GET is answered");
        }
        return reading.apply(exchange);
    }

    private @Nullable Function<HttpExchange, Answer> reading(String path) {
        Document document = DOCUMENTS.get(path);
        if (document != null) {
            return unused -> read(shown ->
                    new Answer(200, document.contentType(), document.text().apply(shown)));
        }
        return switch (path) {
            case LINKS -> exchange -> links(exchange.getRequestURI());
            case QR -> exchange -> qr(exchange.getRequestURI());
            case METRICS -> this::metrics;
            default -> null;
        };
    }

    private Answer act(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestMethod().equals("POST")) {
            exchange.getResponseHeaders().set("Allow", "POST");
            return Answer.line(405, "only POST does something");
        }
        Actions.Answer answer = actions.answer(exchange);
        JsonObject json = new JsonObject();
        json.addProperty(answer.key(), answer.line());
        return new Answer(answer.status(), JSON, json + "\n");
    }

    private Answer links(URI request) {
        Optional<String> name = parameter(request, "forward");
        if (name.isEmpty()) {
            return Answer.line(400, "which forward? " + LINKS + "?forward=NAME");
        }
        return controls.links(name.get())
                .map(links -> new Answer(200, JSON, LinksJson.of(links)))
                .orElseGet(() -> Answer.line(404, "no such forward"));
    }

    /** Only for what the page shows, so that nobody can have it draw what they like. */
    private Answer qr(URI request) {
        Optional<String> url = parameter(request, "url");
        if (url.isEmpty()) {
            return Answer.line(400, "of which URL? " + QR + "?url=URL");
        }
        return read(shown -> shown.forwards().stream()
                        .flatMap(forward -> forward.urls().stream())
                        .anyMatch(url.get()::equals)
                ? new Answer(200, "image/svg+xml", QrSvg.of(url.get()))
                : Answer.line(404, "no forward has that URL"));
    }

    private Answer metrics(HttpExchange exchange) {
        String accept = exchange.getRequestHeaders().getFirst("Accept");
        return read(shown -> {
            StatusMetrics.Exposition exposition = StatusMetrics.of(shown, accept);
            return new Answer(200, exposition.contentType(), exposition.text());
        });
    }

    /** The one parameter that a request may have; empty if it has none or another one. */
    private static Optional<String> parameter(URI request, String name) {
        String query = request.getRawQuery();
        if (query == null || !query.startsWith(name + "=")) {
            return Optional.empty();
        }
        return Optional.of(URLDecoder.decode(query.substring(name.length() + 1), StandardCharsets.UTF_8));
    }

    private Answer read(Function<Snapshot, Answer> answering) {
        try {
            Answer answer = answering.apply(snapshot.get());
            failing.set(false);
            return answer;
        } catch (RuntimeException | Error cause) {
            if (!failing.getAndSet(true)) {
                log.warn("no status can be given (said once, until it can): {}", cause.toString());
                log.debug("why no status can be given", cause);
            }
            return Answer.line(500, "the status could not be read; the reason is in the log of wslproxy");
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        byte[] body = answer.text().getBytes(StandardCharsets.UTF_8);
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", answer.contentType());
        headers.set("Content-Security-Policy", StatusPage.SECURITY_POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cache-Control", "no-store");
        if (isHead(exchange)) {
            headers.set("Content-Length", String.valueOf(body.length));
            exchange.sendResponseHeaders(answer.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(answer.status(), body.length);
        exchange.getResponseBody().write(body);
    }

    private static boolean isOwnHost(@Nullable List<String> hosts) {
        return hosts != null
                && hosts.size() == 1
                && OWN_HOST.matcher(hosts.get(0)).matches();
    }

    /** A request to a proxy names the host in its first line, which then counts (RFC 9112 section 3.2.2). */
    private static boolean isOwnTarget(URI target) {
        String host = target.getRawAuthority();
        return host == null || OWN_HOST.matcher(host).matches();
    }

    private static boolean isGet(HttpExchange exchange) {
        return exchange.getRequestMethod().equals("GET");
    }

    private static boolean isHead(HttpExchange exchange) {
        return exchange.getRequestMethod().equals("HEAD");
    }
}
