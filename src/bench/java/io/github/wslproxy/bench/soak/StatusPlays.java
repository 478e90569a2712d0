package io.github.wslproxy.bench.soak;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** What is asked of the status address, rightly and wrongly. */
final class StatusPlays {
    private static final List<String> DOCUMENTS = List.of("/", "/api/status", "/metrics");

    /** None of them may be answered with the document. */
    private static final List<String> BAD_REQUESTS = List.of(
            "GET /api/status HTTP/1.1\r\nHost: evil.example\r\n\r\n",
            "GET /api/status HTTP/1.1\r\n\r\n",
            "POST /api/status HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n",
            "GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /nothing HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
            "\u0000\u0001\u0002 \r\n\r\n",
            "GET\r\n\r\n",
            "GET /" + "a".repeat(9000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

    private final StatusReader status;
    private final InetSocketAddress address;

    StatusPlays(StatusReader status, InetSocketAddress address) {
        this.status = status;
        this.address = address;
    }

    List<Play> all() {
        return List.of(
                new Play("status documents", 2, this::document),
                new Play("bad status requests", 3, this::badRequest),
                new Play("status requests cut short", 2, this::cutShort));
    }

    private void document(Random moves) throws IOException {
        String path = DOCUMENTS.get(moves.nextInt(DOCUMENTS.size()));
        if (status.get(path).isEmpty()) {
            throw new IOException(path + " is empty");
        }
    }

    private void badRequest(Random moves) throws IOException {
        String request = BAD_REQUESTS.get(moves.nextInt(BAD_REQUESTS.size()));
        try (Socket socket = Visit.silent(address.getAddress(), address.getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            String answer = new String(socket.getInputStream().readNBytes(64), StandardCharsets.ISO_8859_1);
            if (answer.startsWith("HTTP/1.1 200")) {
                throw new BrokenStreamException("an answer to " + request.strip());
            }
        } catch (BrokenStreamException | SocketTimeoutException wrong) {
            throw wrong;
        } catch (IOException reset) {
            return; // As good an answer as any.
        }
    }

    private void cutShort(Random moves) throws IOException, InterruptedException {
        try (Socket socket = Visit.silent(address.getAddress(), address.getPort())) {
            socket.getOutputStream().write("GET /api/sta".getBytes(StandardCharsets.US_ASCII));
            Thread.sleep(moves.nextInt(300));
            socket.setOption(StandardSocketOptions.SO_LINGER, moves.nextBoolean() ? 0 : -1);
        }
    }
}
