package io.github.wslproxy.status;

import io.github.wslproxy.status.StatusAnswer.ActionResult;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks a running proxy of this computer for its status, and for actions. It uses the JDK's old HTTP client, as the new
 * one is a module that the bundled runtime does without.
 */
public final class StatusClient {
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    /** Four thousand forwards are up to four megabytes. */
    private static final int MOST_BYTES = 8 << 20;

    private static final int MOST_LINE = 16 << 10;

    private final InetSocketAddress address;
    private final Duration deadline;

    /** @param address of the proxy's {@code [status] listen} */
    public StatusClient(InetSocketAddress address) {
        this(address, DEADLINE);
    }

    StatusClient(InetSocketAddress address, Duration deadline) {
        this.address = address;
        this.deadline = deadline;
    }

    /** Blocks for two seconds at most. An interrupt ends it early and stays set. */
    public StatusAnswer ask() {
        FutureTask<StatusAnswer> asking = new FutureTask<>(this::fetch);
        Thread thread = new Thread(asking, "wslproxy-status-client");
        thread.setDaemon(true);
        thread.start();
        try {
            return asking.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            return late();
        } catch (ExecutionException defect) {
            return new StatusAnswer.Unclear("its answer could not be read: " + defect.getCause());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return new StatusAnswer.Unclear("nobody waited for its answer");
        }
    }

    /**
     * Asks for an action. Blocks for some seconds at most.
     *
     * @param action such as {@code share}
     * @param body a JSON object
     * @param token of the user whose proxy it is
     * @return an {@link ActionResult} if a wslproxy answers
     */
    public StatusAnswer post(String action, String body, String token) {
        StatusAnswer late =
                ActionResult.refused("there is no answer yet; it may be done in a moment, which the status then shows");
        return exchange("/api/" + action, deadline.plus(deadline), late, connection -> {
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setRequestProperty(AdminHandler.TOKEN, token);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body.getBytes(StandardCharsets.UTF_8));
            }
            return result(connection);
        });
    }

    private static StatusAnswer result(HttpURLConnection connection) throws IOException {
        try {
            boolean done = connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            try (InputStream body = done ? connection.getInputStream() : connection.getErrorStream()) {
                String text = body == null ? "" : new String(body.readNBytes(MOST_LINE), StandardCharsets.UTF_8);
                return new ActionResult(done, StatusJson.line(text, done ? "done" : "refused"));
            }
        } catch (RuntimeException notOurs) {
            return new StatusAnswer.Unclear("its answer is not that of a wslproxy");
        }
    }

    private StatusAnswer fetch() {
        return exchange("/api/status", deadline, late(), StatusClient::status);
    }

    /** One exchange with a server: what is sent to it, and what its answer means. */
    private interface Exchange {
        StatusAnswer with(HttpURLConnection connection) throws IOException;
    }

    private StatusAnswer exchange(String path, Duration patience, StatusAnswer late, Exchange exchange) {
        try {
            HttpURLConnection connection = open(path, patience);
            try {
                return exchange.with(connection);
            } finally {
                connection.disconnect();
            }
        } catch (ConnectException nobody) {
            return new StatusAnswer.Nobody();
        } catch (SocketTimeoutException slow) {
            return late;
        } catch (IOException broken) {
            return noHttp();
        }
    }

    private StatusAnswer late() {
        return new StatusAnswer.Unclear("it did not answer within " + deadline.toMillis() + " ms");
    }

    private static StatusAnswer.Unclear noHttp() {
        return new StatusAnswer.Unclear("what answers there does not speak HTTP as wslproxy does");
    }

    private HttpURLConnection open(String path, Duration patience) throws IOException {
        URI uri = URI.create("http://" + NetUtil.toSocketAddressString(address) + path);
        // An HTTP proxy that the system or the user has set is not for this computer's own addresses.
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout((int) deadline.toMillis());
        connection.setReadTimeout((int) patience.toMillis());
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        // A proxy that has stopped may have closed a connection that was kept, and would look like no server of HTTP.
        connection.setRequestProperty("Connection", "close");
        return connection;
    }

    private static StatusAnswer status(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        if (status < 0) {
            return noHttp();
        }
        if (status != HttpURLConnection.HTTP_OK) {
            return new StatusAnswer.Unclear("it answers with HTTP status " + status);
        }
        try (InputStream body = connection.getInputStream()) {
            byte[] bytes = body.readNBytes(MOST_BYTES + 1);
            return bytes.length > MOST_BYTES
                    ? new StatusAnswer.Unclear("its answer is longer than 8 MiB")
                    : parse(new String(bytes, StandardCharsets.UTF_8));
        }
    }

    static StatusAnswer parse(String document) {
        try {
            return new StatusAnswer.Running(StatusJson.read(document), document);
        } catch (RuntimeException notOurs) {
            return new StatusAnswer.Unclear("its answer is not that of a wslproxy");
        }
    }
}
