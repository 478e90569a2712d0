package io.github.wslproxy.status;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.status.StatusAnswer.ActionResult;
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

/**
 * Carries out what is posted, for a client that knows the token. Only this user's files hold the token, and a page of
 * another origin could not send it without a preflight, which is not answered (Fetch Standard, CORS-preflight).
 */
final class AdminHandler {
    static final String TOKEN = "X-Wslproxy-Token";

    private final AdminApi admin;
    private final byte[] token;
    private final Map<String, Function<JsonObject, ActionResult>> byPath;

    /** A body that is not what the action asks for; the message names the field and what is expected. */
    private static final class BadBody extends RuntimeException {
        private static final long serialVersionUID = 1;

        BadBody(String message) {
            super(message);
        }
    }

    /** @param token that has to be sent along with an action */
    AdminHandler(AdminApi admin, String token) {
        this.admin = admin;
        this.token = token.getBytes(StandardCharsets.UTF_8);
        byPath = Map.of(
                "/api/pause", body -> admin.pause(text(body, "forward")),
                "/api/resume", body -> admin.resume(text(body, "forward")),
                "/api/end", this::end,
                "/api/probe", body -> admin.probe(),
                "/api/share", this::share,
                "/api/unshare", body -> admin.stopShare(text(body, "name")),
                "/api/token", body -> ActionResult.done("the token is right"));
    }

    boolean has(String path) {
        return byPath.containsKey(path);
    }

    /** The response to a client that may do nothing here; empty for one that may. */
    Optional<Response> forbidden(Request request) {
        if (!isOwnOrigin(request)) {
            return Optional.of(forbidden("only this page itself may do that, not one of another origin"));
        }
        if (!hasToken(request)) {
            return Optional.of(forbidden("the token of this user is missing or another one (wslproxy page has it)"));
        }
        return Optional.empty();
    }

    private static Response forbidden(String why) {
        return Response.action(403, ActionResult.refused(why));
    }

    /** Carries out a request that is not {@link #forbidden}; may block for some seconds. */
    Response carryOut(Request request) {
        Function<JsonObject, ActionResult> action =
                byPath.getOrDefault(request.path(), body -> ActionResult.refused("no such action"));
        try {
            ActionResult result = action.apply(json(request.body()));
            return Response.action(result.done() ? 200 : 409, result);
        } catch (BadBody wrong) {
            return Response.action(400, ActionResult.refused(String.valueOf(wrong.getMessage())));
        }
    }

    private static boolean isOwnOrigin(Request request) {
        List<String> origins = request.all("Origin");
        String own = "http://" + request.header("Host");
        return origins.isEmpty() || origins.equals(List.of(own));
    }

    /** Compares in a time that does not tell how much of the token is right. */
    private boolean hasToken(Request request) {
        String sent = request.header(TOKEN);
        return sent != null && MessageDigest.isEqual(sent.getBytes(StandardCharsets.UTF_8), token);
    }

    private ActionResult end(JsonObject body) {
        return admin.end(text(body, "forward"), protocol(text(body, "protocol")), client(text(body, "client")));
    }

    private ActionResult share(JsonObject body) {
        int port = (int) number(body, "port", 1, 65_535);
        long seconds = number(body, "seconds", 1, Integer.MAX_VALUE);
        String protocols = body.has("protocol") ? text(body, "protocol") : "tcp";
        List<String> allow = body.has("allow") ? texts(body, "allow") : List.of();
        return admin.share(new AdminApi.ShareRequest(port, protocols(protocols), Duration.ofSeconds(seconds), allow));
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
        InetSocketAddress client = IpLiteral.parseWithPort(text);
        if (client == null) {
            throw new BadBody("client: expected ADDRESS:PORT as /api/links has it");
        }
        return client;
    }

    private static JsonObject json(String text) {
        try {
            return StatusJson.object(text);
        } catch (JsonParseException noObject) {
            throw new BadBody("the body is no JSON object");
        }
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
