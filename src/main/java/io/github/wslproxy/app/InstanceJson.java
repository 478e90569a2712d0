package io.github.wslproxy.app;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonWriter;
import io.github.wslproxy.app.RunningInstance.Started;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The text of an {@link InstanceFile}. It is written by hand, as a start does not wait until Gson knows the records.
 *
 * <pre>{"pid":4711,"config":"/home/me/proxy.toml","started":{"status":"127.0.0.1:9797",
 * "tcp":[[5173,5173]],"udp":[],"table":["a line for people"]}}</pre>
 *
 * After a start that failed it is {@code {"pid":4711,"failed":"why, in one line"}}.
 */
final class InstanceJson {
    private static final String FAILED = "failed";

    private InstanceJson() {}

    static String write(RunningInstance instance) {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.beginObject().name("pid").value(instance.pid());
            if (instance.config().isPresent()) {
                json.name("config").value(instance.config().get());
            }
            if (instance.started().isPresent()) {
                write(json.name("started"), instance.started().get());
            }
            json.endObject();
        } catch (IOException impossibleInMemory) {
            throw new UncheckedIOException(impossibleInMemory);
        }
        return text.append('\n').toString();
    }

    static String write(FailedStart failed) {
        JsonObject json = new JsonObject();
        json.addProperty("pid", failed.pid());
        json.addProperty(FAILED, failed.why());
        return json + "\n";
    }

    private static void write(JsonWriter json, Started started) throws IOException {
        json.beginObject();
        if (started.status().isPresent()) {
            InetSocketAddress status = started.status().get();
            json.name("status").value(IpLiteral.withPort(status.getAddress(), status.getPort()));
        }
        for (Map.Entry<Protocol, List<PortRange>> ports : started.ports().entrySet()) {
            json.name(ports.getKey().toString()).beginArray();
            for (PortRange range : ports.getValue()) {
                json.beginArray().value(range.first()).value(range.last()).endArray();
            }
            json.endArray();
        }
        json.name("table").beginArray();
        for (String line : started.table()) {
            json.value(line);
        }
        json.endArray().endObject();
    }

    /** Empty if it is not that text, tells of a failure, or was read while only half of it was written. */
    static Optional<RunningInstance> read(String text) {
        try {
            return text.startsWith("{")
                    ? Optional.of(object(text))
                            .filter(json -> !json.has(FAILED))
                            .map(InstanceJson::instance)
                    : readOlder(text);
        } catch (RuntimeException notOfAnInstance) {
            return Optional.empty();
        }
    }

    /** Empty if the text tells of no failure, or was read while only half of it was written. */
    static Optional<FailedStart> readFailure(String text) {
        try {
            JsonObject json = object(text);
            return Optional.ofNullable(json.get(FAILED))
                    .map(why -> new FailedStart(json.get("pid").getAsLong(), why.getAsString()));
        } catch (RuntimeException notOfAnInstance) {
            return Optional.empty();
        }
    }

    private static JsonObject object(String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }

    private static RunningInstance instance(JsonObject json) {
        return new RunningInstance(
                json.get("pid").getAsLong(),
                Optional.ofNullable(json.get("config")).map(JsonElement::getAsString),
                Optional.ofNullable(json.getAsJsonObject("started")).map(InstanceJson::started));
    }

    private static Started started(JsonObject json) {
        Map<Protocol, List<PortRange>> ports = new EnumMap<>(Protocol.class);
        for (Protocol protocol : Protocol.values()) {
            ports.put(
                    protocol,
                    json.getAsJsonArray(protocol.toString()).asList().stream()
                            .map(JsonElement::getAsJsonArray)
                            .map(ends -> new PortRange(
                                    ends.get(0).getAsInt(), ends.get(1).getAsInt()))
                            .toList());
        }
        Optional<InetSocketAddress> status = Optional.ofNullable(json.get("status"))
                .map(text -> Objects.requireNonNull(IpLiteral.parseWithPort(text.getAsString())));
        List<String> table = json.getAsJsonArray("table").asList().stream()
                .map(JsonElement::getAsString)
                .toList();
        return new Started(status, ports, table);
    }

    /** Earlier versions wrote their pid in the first line, and lines for people below it. */
    private static Optional<RunningInstance> readOlder(String text) {
        return text.contains("\n")
                ? Optional.of(new RunningInstance(
                        Long.parseLong(text.lines().findFirst().orElseThrow()), Optional.empty(), Optional.empty()))
                : Optional.empty();
    }
}
