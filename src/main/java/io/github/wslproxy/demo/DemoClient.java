package io.github.wslproxy.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks the VM through wslproxy again and again, on a thread of its own, and measures how soon it is answered from a new
 * address. Safe for any thread.
 */
final class DemoClient {
    private static final int TIMEOUT_MILLIS = 1000;
    private static final long PAUSE_MILLIS = 100;

    private final String name;
    private final Exchange exchange;
    private String expected = "";
    private long expectedSince;
    private @Nullable Duration followedAfter;

    /** One question and its answer: the address that the server says it runs at. */
    private interface Exchange {
        /** @throws IOException if nobody answers */
        String ask() throws IOException;
    }

    private DemoClient(String name, Exchange exchange) {
        this.name = name;
        this.exchange = exchange;
    }

    /** Fetches a page over a new connection each time. */
    static DemoClient web(int port) {
        URI page = URI.create("http://127.0.0.1:" + port + "/");
        return new DemoClient("web", () -> {
            HttpURLConnection connection = (HttpURLConnection) page.toURL().openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            connection.setRequestProperty("Connection", "close");
            try (var body = connection.getInputStream()) {
                return new String(body.readAllBytes(), StandardCharsets.UTF_8).strip();
            }
        });
    }

    /** Connects, reads the greeting, sends a line and waits until it comes back. */
    static DemoClient tcp(int port) {
        return new DemoClient("echo", () -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
                socket.setSoTimeout(TIMEOUT_MILLIS);
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                String greeting = lines.readLine();
                socket.getOutputStream().write("ping\n".getBytes(StandardCharsets.UTF_8));
                if (greeting == null || !"ping".equals(lines.readLine())) {
                    throw new IOException("the echo did not come back");
                }
                return greeting;
            }
        });
    }

    /** Sends every datagram from {@code socket}, as a game does. */
    static DemoClient udp(DatagramSocket socket, int port) {
        byte[] ping = "ping".getBytes(StandardCharsets.UTF_8);
        return new DemoClient("game", () -> {
            socket.setSoTimeout(TIMEOUT_MILLIS / 4);
            socket.send(new DatagramPacket(ping, ping.length, InetAddress.getLoopbackAddress(), port));
            DatagramPacket answer = new DatagramPacket(new byte[2048], 2048);
            socket.receive(answer);
            return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8).strip();
        });
    }

    void start() {
        Thread thread = new Thread(this::askForEver, "demo-client-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    String name() {
        return name;
    }

    /** Measures from now on how long the first answer from {@code address} takes. */
    synchronized void expect(String address) {
        expected = address;
        expectedSince = System.nanoTime();
        followedAfter = null;
    }

    /** How long that took; empty as long as there was no such answer. */
    synchronized Optional<Duration> followedAfter() {
        return Optional.ofNullable(followedAfter);
    }

    private void askForEver() {
        try {
            while (true) {
                ask();
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask() {
        try {
            note(exchange.ask());
        } catch (IOException noAnswer) {
            // The VM is off or was not followed yet; the next question may be answered.
        }
    }

    private synchronized void note(String answer) {
        if (followedAfter == null && answer.equals(expected)) {
            followedAfter = Duration.ofNanos(System.nanoTime() - expectedSince);
        }
    }
}
