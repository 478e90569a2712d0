package io.github.wslproxy.app;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.status.RecordJson;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;

/**
 * The text of an {@link InstanceFile}:
 *
 * <pre>{"pid":4711,"config":"/home/me/proxy.toml","started":{"status":"127.0.0.1:9797",
 * "ports":{"tcp":[{"first":5173,"last":5173}],"udp":[]},"table":["a line for people"]}}</pre>
 */
final class InstanceJson {
    private static final Gson GSON = RecordJson.builder(Map.of())
            .registerTypeAdapter(InetSocketAddress.class, new Address())
            .create();

    private InstanceJson() {}

    static String write(RunningInstance instance) {
        return GSON.toJson(instance) + "\n";
    }

    /** Empty if it is not that text, or was read while only half of it was written. */
    static Optional<RunningInstance> read(String text) {
        try {
            return text.startsWith("{") ? Optional.of(GSON.fromJson(text, RunningInstance.class)) : readOlder(text);
        } catch (RuntimeException notOfAnInstance) {
            return Optional.empty();
        }
    }

    /** Earlier versions wrote their pid in the first line, and lines for people below it. */
    private static Optional<RunningInstance> readOlder(String text) {
        return text.contains("\n")
                ? Optional.of(new RunningInstance(
                        Long.parseLong(text.lines().findFirst().orElseThrow()), Optional.empty(), Optional.empty()))
                : Optional.empty();
    }

    private static final class Address extends TypeAdapter<InetSocketAddress> {
        @Override
        public void write(JsonWriter out, InetSocketAddress address) throws IOException {
            out.value(IpLiteral.withPort(address.getAddress(), address.getPort()));
        }

        @Override
        public InetSocketAddress read(JsonReader in) throws IOException {
            InetSocketAddress address = IpLiteral.parseWithPort(in.nextString());
            if (address == null) {
                throw new JsonParseException("no address with a port");
            }
            return address;
        }
    }
}
