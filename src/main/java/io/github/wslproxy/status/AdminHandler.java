package io.github.wslproxy.status;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.forward.Protocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What may be done by POST, and by whom: only who can read this user's files knows the token, and a page of another
 * origin could not send it without a preflight, which is not answered (Fetch Standard, CORS-preflight).
 */
final class AdminHandler {
    static final String TOKEN = "X-Wslproxy-Token";

    private final AdminApi controls;
    private final byte[] token;
    private final Map<String, Function<JsonObject, AdminApi.Outcome>> byPath;

    /** An answer: an HTTP status, a key of the JSON object, and one line. */
    record Answer(int status, String key, String line) {}

    /** A body that is not what the action asks for; the message names the field and what is expected. */
    private static final class BadBody extends RuntimeException {
        private static final long serialVersionUID = 1;

        BadBody(String message) {
            super(message);
        }
    }

    /** @param token what who asks has to know */
    AdminHandler(AdminApi controls, String token) {
        this.controls = controls;
        this.token = token.getBytes(StandardCharsets.UTF_8);
        byPath = Map.of(
                "/api/pause", body -> controls.pause(text(body, "forward")),
                "/api/resume", body -> controls.resume(text(body, "forward")),
                "/api/end", this::end,
                "/api/probe", body -> controls.probe(),
                "/api/share", this::share,
                "/api/unshare", body -> controls.stopShare(text(body, "name")),
                "/api/token", body -> new AdminApi.Done("the token is right"));
    }

    boolean has(String path) {
        return byPath.containsKey(path);
    }

    /** The answer to somebody who may do nothing here; empty for who may. */
    Optional<Answer> stranger(Request request) {
        if (!isOwnOrigin(request)) {
            return Optional.of(
                    new Answer(403, "refused", "only this page itself may do that, not one of another origin"));
        }
        if (!hasToken(request)) {
            return Optional.of(new Answer(
                    403, "refused", "the token of this user is missing or another one (wslproxy page has it)"));
        }
        return Optional.empty();
    }

    /** For a request that is not {@linkplain #stranger of a stranger}; may block for some seconds. */
    Answer carryOut(Request request) {
        try {
            return carryOut(byPath.get(request.path()), json(request.body()));
        } catch (BadBody wrong) {
            return new Answer(400, "refused", String.valueOf(wrong.getMessage()));
        }
    }

    private static Answer carryOut(@Nullable Function<JsonObject, AdminApi.Outcome> action, JsonObject body) {
        if (action == null) {
            return new Answer(404, "refused", "no such action");
        }
        AdminApi.Outcome outcome = action.apply(body);
        return outcome instanceof AdminApi.Done
                ? new Answer(200, "done", outcome.line())
                : new Answer(409, "refused", outcome.line());
    }

    private static boolean isOwnOrigin(Request request) {
        List<String> origins = request.all("Origin");
        String own = "http://" + request.header("Host");
        return origins.isEmpty() || origins.equals(List.of(own));
    }

    /** In a time that does not tell how much of it is right. */
    private boolean hasToken(Request request) {
        String sent = request.header(TOKEN);
        return sent != null && MessageDigest.isEqual(sent.getBytes(StandardCharsets.UTF_8), token);
    }

    private AdminApi.Outcome end(JsonObject body) {
        return controls.end(text(body, "forward"), protocol(text(body, "protocol")), client(text(body, "client")));
    }

    private AdminApi.Outcome share(JsonObject body) {
        int port = (int) number(body, "port", 1, 65_535);
        long seconds = number(body, "seconds", 1, Integer.MAX_VALUE);
        String protocols = body.has("protocol") ? text(body, "protocol") : "tcp";
        List<String> allow = body.has("allow") ? texts(body, "allow") : List.of();
        return controls.share(
                new AdminApi.ShareRequest(port, protocols(protocols), Duration.ofSeconds(seconds), allow));
    }

    private static Set<Protocol> protocols(String word) {
        return Arrays.stream(word.split("\\+", -1)).map(AdminHandler::protocol).collect(Collectors.toUnmodifiableSet());
    }

    private static Protocol protocol(String word) {
        return Arrays.stream(Protocol.values())
                .filter(protocol -> protocol.toString().equals(word))
                .findFirst()
                .orElseThrow(() -> new BadBody("protocol: expected tcp or udp"));
    }

    private static InetSocketAddress client(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        InetAddress address = IpLiteral.parse(host.startsWith("[") ? host.replaceAll("^\\[|\\]$", "") : host);
        if (address == null || !text.substring(colon + 1).matches("\\d{1,5}")) {
            throw new BadBody("client: expected ADDRESS:PORT as /api/links has it");
        }
        int port = Integer.parseInt(text.substring(colon + 1));
        if (port > 65_535) {
            throw new BadBody("client: port " + port + " (expected at most 65535)");
        }
        return new InetSocketAddress(address, port);
    }

    private static JsonObject json(String text) {
        try {
            JsonElement element = StatusDocument.json(text);
            if (element.isJsonObject()) {
                return element.getAsJsonObject();
            }
        } catch (JsonParseException noJson) {
            // Said below.
        }
        throw new BadBody("the body is no JSON object");
    }

    private static String text(JsonObject body, String name) {
        JsonElement value = body.get(name);
        if (value == null
                || !value.isJsonPrimitive()
                || !value.getAsJsonPrimitive().isString()) {
            throw new BadBody(name + ": expected a text");
        }
        return value.getAsString();
    }

    private static List<String> texts(JsonObject body, String name) {
        if (!body.get(name).isJsonArray()) {
            throw new BadBody(name + ": expected an array of texts");
        }
        return StreamSupport.stream(body.getAsJsonArray(name).spliterator(), false)
                .map(element -> {
                    if (!element.isJsonPrimitive()
                            || !element.getAsJsonPrimitive().isString()) {
                        throw new BadBody(name + ": expected an array of texts");
                    }
                    return element.getAsString();
                })
                .toList();
    }

    private static long number(JsonObject body, String name, long least, long most) {
        JsonElement value = body.get(name);
        if (value != null && value.isJsonPrimitive() && value.getAsString().matches("\\d{1,12}")) {
            long number = Long.parseLong(value.getAsString());
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw new BadBody(name + ": expected a number from " + least + " to " + most);
    }
}
