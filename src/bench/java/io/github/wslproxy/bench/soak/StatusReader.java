package io.github.wslproxy.bench.soak;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Predicate;

/** Asks the status address. Leaves no connection behind that would count as a descriptor of the proxy. */
final class StatusReader {
    private static final int DEADLINE_MILLIS = 10_000;
    private static final long PAUSE_MILLIS = 50;

    private final InetSocketAddress address;

    StatusReader(InetSocketAddress address) {
        this.address = address;
    }

    StatusFigures read() throws IOException {
        return StatusFigures.of(JsonParser.parseString(get("/api/status")).getAsJsonObject());
    }

    /** The document at {@code path}; anything but status 200 is an IOException. */
    String get(String path) throws IOException {
        URI uri = URI.create("http://127.0.0.1:" + address.getPort() + path);
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout(DEADLINE_MILLIS);
        connection.setReadTimeout(DEADLINE_MILLIS);
        connection.setRequestProperty("Connection", "close");
        try (var in = connection.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            connection.disconnect();
        }
    }

    /** Whether {@code wanted} became true before {@code patience} was over. A look that fails is made again. */
    boolean await(Predicate<StatusFigures> wanted, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < end) {
            if (shows(wanted)) {
                return true;
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        return false;
    }

    private boolean shows(Predicate<StatusFigures> wanted) {
        try {
            return wanted.test(read());
        } catch (IOException failed) {
            return false;
        }
    }
}
