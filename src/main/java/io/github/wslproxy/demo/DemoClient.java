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

/** A client of the demo: asks once through the forwarder and says which life of the VM has answered. */
interface DemoClient {
    int PATIENCE_MILLIS = 1000;

    /**
     * Asks once.
     *
     * @return the address that the answering server says it runs at
     * @throws IOException if nobody answered
     */
    String ask() throws IOException;

    /** Fetches a page, over a new connection each time. */
    static DemoClient web(int port) {
        return () -> {
            URI page = URI.create("http://127.0.0.1:" + port + "/");
            HttpURLConnection connection = (HttpURLConnection) page.toURL().openConnection();
            connection.setConnectTimeout(PATIENCE_MILLIS);
            connection.setReadTimeout(PATIENCE_MILLIS);
            connection.setRequestProperty("Connection", "close");
            try (var body = connection.getInputStream()) {
                return new String(body.readAllBytes(), StandardCharsets.UTF_8).strip();
            }
        };
    }

    /** Connects, reads the greeting, sends a line and waits until it comes back. */
    static DemoClient tcp(int port) {
        return () -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
                socket.setSoTimeout(PATIENCE_MILLIS);
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                String greeting = lines.readLine();
                socket.getOutputStream().write("ping\n".getBytes(StandardCharsets.UTF_8));
                if (greeting == null || !"ping".equals(lines.readLine())) {
                    throw new IOException("the echo did not come back");
                }
                return greeting;
            }
        };
    }

    /** Sends datagrams from one socket for ever, as a game does. */
    static DemoClient udp(DatagramSocket socket, int port) {
        return () -> {
            byte[] ping = "ping".getBytes(StandardCharsets.UTF_8);
            socket.setSoTimeout(PATIENCE_MILLIS / 4);
            socket.send(new DatagramPacket(ping, ping.length, InetAddress.getLoopbackAddress(), port));
            DatagramPacket answer = new DatagramPacket(new byte[2048], 2048);
            socket.receive(answer);
            return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8).strip();
        };
    }
}
