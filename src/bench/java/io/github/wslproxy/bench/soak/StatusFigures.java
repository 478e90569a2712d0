package io.github.wslproxy.bench.soak;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * What {@code /api/status} says.
 *
 * @param targetState up, down or unknown
 * @param targetAddress empty while there is none
 * @param editRefused whether the newest edit of the configuration is not what runs
 * @param links open ones of all TCP forwards
 * @param sessions open ones of all UDP forwards
 * @param open links or sessions by forward
 * @param bytes relayed so far by the forwards of now, both ways
 * @param directBytes direct memory in use; of a version that does not tell it, empty
 */
record StatusFigures(
        String targetState,
        String targetAddress,
        boolean editRefused,
        long links,
        long sessions,
        Map<String, Long> open,
        long bytes,
        Optional<Long> directBytes) {

    static StatusFigures of(JsonObject document) {
        JsonObject target = document.getAsJsonObject("target");
        Map<String, JsonObject> forwards = StreamSupport.stream(
                        document.getAsJsonArray("forwards").spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .collect(Collectors.toMap(forward -> forward.get("name").getAsString(), forward -> forward));
        return new StatusFigures(
                target.get("state").getAsString(),
                target.get("address").isJsonNull() ? "" : target.get("address").getAsString(),
                !document.get("config_error").isJsonNull(),
                openOf("tcp", forwards),
                openOf("udp", forwards),
                forwards.entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, entry -> number(entry.getValue(), "open"))),
                forwards.values().stream()
                        .mapToLong(forward -> number(forward, "bytes_in") + number(forward, "bytes_out"))
                        .sum(),
                directBytes(document));
    }

    long open(SoakForward forward) {
        return open.getOrDefault(forward.id(), 0L);
    }

    boolean has(SoakForward forward) {
        return open.containsKey(forward.id());
    }

    private static long openOf(String protocol, Map<String, JsonObject> forwards) {
        return forwards.values().stream()
                .filter(forward -> forward.get("protocol").getAsString().equals(protocol))
                .mapToLong(forward -> number(forward, "open"))
                .sum();
    }

    private static long number(JsonObject object, String name) {
        return object.get(name).getAsLong();
    }

    private static Optional<Long> directBytes(JsonObject document) {
        return Optional.ofNullable(document.getAsJsonObject("limits"))
                .map(limits -> limits.getAsJsonObject("direct_memory"))
                .map(memory -> number(memory, "used"));
    }
}
