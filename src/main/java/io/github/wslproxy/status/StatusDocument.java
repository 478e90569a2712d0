package io.github.wslproxy.status;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import io.github.wslproxy.os.TerminalText;
import io.github.wslproxy.relay.Refusal;
import io.github.wslproxy.status.Snapshot.ForwardView;
import java.io.StringReader;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The JSON document of {@link StatusJson}, read back. Of another version fields may be missing, which are then empty or
 * zero; what is no such document at all throws any RuntimeException. Whoever took the port may answer with anything, so
 * its texts come back fit for a terminal.
 */
final class StatusDocument {
    private StatusDocument() {}

    static Snapshot read(String text) {
        JsonObject document = json(text).getAsJsonObject();
        if (!document.has("version") || !document.has("forwards")) {
            throw new JsonParseException("no status of wslproxy");
        }
        return new Snapshot(
                text(document, "version"),
                number(document, "pid"),
                object(document, "java").map(StatusDocument::java),
                Duration.ofSeconds(number(document, "uptime_seconds")),
                text(document, "config"),
                text(document, "config_option"),
                text(document, "config_error"),
                target(document.getAsJsonObject("target")),
                object(document, "limits").map(StatusDocument::limits).orElse(List.of()),
                objects(document, "forwards").stream()
                        .map(StatusDocument::forward)
                        .toList(),
                objects(orEmpty(document, "events"), "events").stream()
                        .map(StatusDocument::event)
                        .toList());
    }

    private static Snapshot.Event event(JsonObject event) {
        return new Snapshot.Event(instant(event, "at"), text(event, "level"), text(event, "text"));
    }

    /** The one text of an object; throws any RuntimeException if there is none. */
    static String line(String object, String name) {
        return TerminalText.escaped(json(object).getAsJsonObject().get(name).getAsString());
    }

    /**
     * Strictly: reading words without quotes, Gson 2.13 goes round for ever where a thousand byte order marks begin
     * them.
     */
    static JsonElement json(String text) {
        JsonReader reader = new JsonReader(new StringReader(text));
        reader.setStrictness(Strictness.STRICT);
        return JsonParser.parseReader(reader);
    }

    private static Snapshot.Target target(JsonObject target) {
        return new Snapshot.Target(
                text(target, "state"),
                text(target, "address"),
                instant(target, "since"),
                text(target, "reason"),
                text(target, "on_stopped"),
                Duration.ofMillis(
                        target.has("hold_seconds")
                                ? Math.round(target.get("hold_seconds").getAsDouble() * 1000)
                                : 0));
    }

    private static List<Snapshot.LimitView> limits(JsonObject limits) {
        return limits.keySet().stream()
                .map(name -> limit(name, limits.getAsJsonObject(name)))
                .toList();
    }

    private static Snapshot.LimitView limit(String name, JsonObject limit) {
        return new Snapshot.LimitView(
                TerminalText.escaped(name), number(limit, "used"), number(limit, "max"), number(limit, "refused"));
    }

    private static ForwardView forward(JsonObject forward) {
        Snapshot.State state = Snapshot.State.valueOf(text(forward, "state").toUpperCase(Locale.ROOT));
        return new ForwardView(
                text(forward, "name"),
                text(forward, "protocol"),
                texts(forward, "listen"),
                text(forward, "target"),
                text(forward, "resolved"),
                state == Snapshot.State.LISTENING ? 1 : 0,
                state,
                text(forward, "error"),
                number(forward, "open"),
                number(forward, "accepted"),
                number(forward, "refused"),
                number(forward, "bytes_in"),
                number(forward, "bytes_out"),
                lastProblem(forward),
                object(forward, "last_client").map(StatusDocument::client),
                text(forward, "last_own_client"),
                origin(text(forward, "origin")),
                Optional.of(instant(forward, "ends_at")).filter(end -> !end.equals(Instant.EPOCH)),
                texts(orEmpty(forward, "urls"), "urls"),
                objects(orEmpty(forward, "clients"), "clients").stream()
                        .map(StatusDocument::openClient)
                        .toList(),
                text(forward, "toml"),
                text(forward, "why_no_url"),
                text(forward, "clients_allowed"));
    }

    private static Snapshot.Origin origin(String word) {
        return word.isEmpty() ? Snapshot.Origin.FILE : Snapshot.Origin.valueOf(word.toUpperCase(Locale.ROOT));
    }

    private static Snapshot.ClientView openClient(JsonObject client) {
        return new Snapshot.ClientView(text(client, "address"), (int) number(client, "open"));
    }

    private static Snapshot.Java java(JsonObject java) {
        return new Snapshot.Java(
                text(java, "version"),
                java.get("exclusive_bind").getAsBoolean(),
                java.get("keep_alive").getAsBoolean());
    }

    private static Optional<JsonObject> object(JsonObject object, String name) {
        return Optional.ofNullable(object.get(name))
                .filter(JsonElement::isJsonObject)
                .map(JsonElement::getAsJsonObject);
    }

    private static Snapshot.LastClient client(JsonObject client) {
        return new Snapshot.LastClient(
                text(client, "address"),
                instant(client, "at"),
                text(client, "refusal"),
                Refusal.Code.of(text(client, "code")),
                text(client, "cure"));
    }

    /** Older versions have it only as one text, which begins with its time. */
    private static Optional<Snapshot.LastProblem> lastProblem(JsonObject forward) {
        Optional<JsonObject> problem = object(forward, "last_problem");
        if (problem.isPresent()) {
            return problem.map(StatusDocument::lastProblemApart);
        }
        String error = text(forward, "last_error");
        return error.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Snapshot.LastProblem(Instant.EPOCH, "", error, Optional.empty(), "", "", Optional.empty()));
    }

    private static Snapshot.LastProblem lastProblemApart(JsonObject problem) {
        return new Snapshot.LastProblem(
                instant(problem, "at"),
                text(problem, "client"),
                text(problem, "text"),
                Refusal.Code.of(text(problem, "code")),
                text(problem, "limit"),
                text(problem, "cure"),
                Optional.of(instant(problem, "served_since")).filter(since -> !since.equals(Instant.EPOCH)));
    }

    private static List<JsonObject> objects(JsonObject object, String name) {
        return elements(object, name).map(JsonElement::getAsJsonObject).toList();
    }

    private static List<String> texts(JsonObject object, String name) {
        return elements(object, name)
                .map(JsonElement::getAsString)
                .map(TerminalText::escaped)
                .toList();
    }

    private static Stream<JsonElement> elements(JsonObject object, String name) {
        return StreamSupport.stream(object.getAsJsonArray(name).spliterator(), false);
    }

    /** The same of a field that older versions do not have. */
    private static JsonObject orEmpty(JsonObject object, String name) {
        if (!object.has(name)) {
            object.add(name, new JsonArray());
        }
        return object;
    }

    private static Instant instant(JsonObject object, String name) {
        try {
            return Instant.parse(text(object, name));
        } catch (DateTimeException absentOrOdd) {
            return Instant.EPOCH;
        }
    }

    private static long number(JsonObject object, String name) {
        JsonElement value = object.get(name);
        return value == null || value.isJsonNull() ? 0 : value.getAsLong();
    }

    private static String text(JsonObject object, String name) {
        JsonElement value = object.get(name);
        return value == null || value.isJsonNull() ? "" : TerminalText.escaped(value.getAsString());
    }
}
