package io.github.wslproxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;

/** Status servers of a test, and its clients; all are closed after it. */
abstract class StatusServerFixture {
    static final Snapshot SNAPSHOT = StatusSamples.of(StatusSamples.listening(StatusSamples.NASTY));

    static final StatusServer.Limits SOON = StatusSamples.within(Duration.ofSeconds(1));
    static final StatusServer.Limits PATIENT = StatusSamples.within(Duration.ofSeconds(30));
    static final StatusServer.Limits ONE_SNAPSHOT = StatusSamples.every(PATIENT, Duration.ofHours(1));
    static final int CONNECTIONS = StatusServer.Limits.USUAL.connections();

    final HttpClient client = HttpClient.newHttpClient();
    final FakeAdminApi admin = new FakeAdminApi();
    final List<StatusServer> servers = new ArrayList<>();
    final List<Socket> sockets = new ArrayList<>();

    @AfterEach
    void closeAll() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        servers.forEach(StatusServer::close);
    }

    StatusServer start(Supplier<Snapshot> snapshot) throws IOException {
        return start(snapshot, PATIENT);
    }

    StatusServer start(Supplier<Snapshot> snapshot, StatusServer.Limits limits) throws IOException {
        StatusServer server = new StatusServer(loopback(), snapshot, admin, FakeAdminApi.TOKEN, limits);
        servers.add(server);
        server.start();
        return server;
    }

    static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    HttpResponse<String> request(StatusServer server, String method, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(Duration.ofSeconds(15))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    String raw(StatusServer server, String... lines) throws IOException {
        return untilEnd(send(server, String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n"));
    }

    Socket send(StatusServer server, String text) throws IOException {
        Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort());
        sockets.add(socket);
        socket.setSoTimeout((int) Duration.ofSeconds(15).toMillis());
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    static String ask(Socket socket) throws IOException {
        socket.getOutputStream()
                .write("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return answer(socket);
    }

    /** One answer, after which the connection may go on. */
    static String answer(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("ended within the head: " + head);
            }
            head.append((char) next);
        }
        int length = Integer.parseInt(head.toString().replaceAll("(?s).*\r\nContent-Length: (\\d+)\r\n.*", "$1"));
        return head + new String(socket.getInputStream().readNBytes(length), StandardCharsets.UTF_8);
    }

    static String untilEnd(Socket socket) throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (SocketException reset) {
            return "";
        }
    }

    static boolean hasEnded(Socket socket) {
        try {
            socket.setSoTimeout(1);
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (SocketException reset) {
            return true;
        } catch (IOException stillOpen) {
            return false;
        }
    }

    static boolean isReset(Socket socket) {
        try {
            socket.getOutputStream().write('x');
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    static void awaitOrFail(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    static List<Thread> ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("wslproxy-status"))
                .toList();
    }

    static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    static void assertHeadersAreSafe(HttpResponse<?> answer) {
        assertThat(header(answer, "Content-Security-Policy")).isEqualTo(StatusPage.SECURITY_POLICY);
        assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
        assertThat(header(answer, "Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.headers().map().keySet())
                .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("access-control"));
    }
}
