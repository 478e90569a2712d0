package io.github.wslproxy.app;

import com.google.gson.JsonArray;
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
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The text of an {@link InstanceFile}:
 *
 * <pre>{"pid":4711,"config":"/home/me/proxy.toml","started":{"status":{"address":"127.0.0.1","port":9797},
 * "tcp":[{"first":5173,"last":5173}],"udp":[],"table":["a line for people"]}}</pre>
 */
final class InstanceJson {
    private static final String PID = "pid";
    private static final String CONFIG = "config";
    private static final String STARTED = "started";
    private static final String STATUS = "status";
    private static final String ADDRESS = "address";
    private static final String PORT = "port";
    private static final String FIRST = "first";
    private static final String LAST = "last";
    private static final String TABLE = "table";

    private InstanceJson() {}

    static String write(RunningInstance instance) {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.beginObject().name(PID).value(instance.pid());
            if (instance.config().isPresent()) {
                json.name(CONFIG).value(instance.config().get());
            }
            if (instance.started().isPresent()) {
                write(json.name(STARTED), instance.started().get());
            }
            json.endObject();
        } catch (IOException impossibleInMemory) {
            throw new UncheckedIOException(impossibleInMemory);
        }
        return text.append('\n').toString();
    }

    private static void write(JsonWriter json, Started started) throws IOException {
        json.beginObject();
        if (started.status().isPresent()) {
            InetSocketAddress status = started.status().get();
            json.name(STATUS).beginObject();
            json.name(ADDRESS).value(IpLiteral.text(status.getAddress()));
            json.name(PORT).value(status.getPort());
            json.endObject();
        }
        for (Map.Entry<Protocol, List<PortRange>> listens : started.ports().entrySet()) {
            json.name(listens.getKey().toString()).beginArray();
            for (PortRange ports : listens.getValue()) {
                json.beginObject();
                json.name(FIRST).value(ports.first());
                json.name(LAST).value(ports.last());
                json.endObject();
            }
            json.endArray();
        }
        json.name(TABLE).beginArray();
        for (String line : started.table()) {
            json.value(line);
        }
        json.endArray().endObject();
    }

    /** Empty if it is not that text, or was read while only half of it was written. */
    static Optional<RunningInstance> read(String text) {
        try {
            return text.startsWith("{")
                    ? Optional.of(read(JsonParser.parseString(text).getAsJsonObject()))
                    : readOlder(text);
        } catch (RuntimeException notOfAnInstance) {
            return Optional.empty();
        }
    }

    private static RunningInstance read(JsonObject json) {
        return new RunningInstance(
                json.get(PID).getAsLong(),
                Optional.ofNullable(json.get(CONFIG)).map(JsonElement::getAsString),
                Optional.ofNullable(json.getAsJsonObject(STARTED)).map(InstanceJson::readStarted));
    }

    private static Started readStarted(JsonObject json) {
        Map<Protocol, List<PortRange>> ports = new EnumMap<>(Protocol.class);
        for (Protocol protocol : Protocol.values()) {
            ports.put(
                    protocol,
                    elements(json.getAsJsonArray(protocol.toString()))
                            .map(InstanceJson::readPorts)
                            .toList());
        }
        return new Started(
                Optional.ofNullable(json.getAsJsonObject(STATUS)).map(InstanceJson::readAddress),
                ports,
                elements(json.getAsJsonArray(TABLE))
                        .map(JsonElement::getAsString)
                        .toList());
    }

    private static Stream<JsonElement> elements(JsonArray array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static PortRange readPorts(JsonElement json) {
        JsonObject ports = json.getAsJsonObject();
        return new PortRange(ports.get(FIRST).getAsInt(), ports.get(LAST).getAsInt());
    }

    private static InetSocketAddress readAddress(JsonObject status) {
        return new InetSocketAddress(
                IpLiteral.of(status.get(ADDRESS).getAsString()),
                status.get(PORT).getAsInt());
    }

    /** Earlier versions wrote their pid in the first line, and lines for people below it. */
    private static Optional<RunningInstance> readOlder(String text) {
        return text.contains("\n")
                ? Optional.of(new RunningInstance(
                        Long.parseLong(text.lines().findFirst().orElseThrow()), Optional.empty(), Optional.empty()))
                : Optional.empty();
    }
}
