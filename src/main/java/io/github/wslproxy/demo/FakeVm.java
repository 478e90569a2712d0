package io.github.wslproxy.demo;

import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A VM from boot to power-off: an HTTP server, a TCP echo and a UDP echo at one address. Each answers with the address
 * it runs at, so that a client sees where the VM was when it answered.
 */
final class FakeVm implements Closeable {
    private static final int WANTED_PLACES = 6;
    private static final int BACKLOG = 50;
    private static final int DATAGRAM = 2048;

    private final InetAddress address;
    private final HttpServer web;
    private final ServerSocket tcp;
    private final DatagramSocket udp;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

    /** A port for each of the three servers. */
    record Ports(int web, int tcp, int udp) {
        /** Finds three that are free at {@code address}. */
        static Ports free(InetAddress address) throws IOException {
            try (ServerSocket web = new ServerSocket(0, 1, address);
                    ServerSocket tcp = new ServerSocket(0, 1, address);
                    DatagramSocket udp = new DatagramSocket(0, address)) {
                return new Ports(web.getLocalPort(), tcp.getLocalPort(), udp.getLocalPort());
            }
        }
    }

    private FakeVm(InetAddress address, Ports ports) throws IOException {
        this.address = address;
        web = HttpServer.create(new InetSocketAddress(address, ports.web()), BACKLOG);
        tcp = new ServerSocket(ports.tcp(), BACKLOG, address);
        udp = new DatagramSocket(ports.udp(), address);
    }

    /**
     * The addresses at which a VM can run on this computer: 127.0.0.2 and up where the system has them, as Linux and
     * Windows do; else 127.0.0.1 and ::1, which macOS has, so that the VM changes family at each move.
     */
    static List<InetAddress> places() throws IOException {
        List<InetAddress> places = new ArrayList<>();
        for (int last = 2; last < 2 + WANTED_PLACES; last++) {
            addIfUsable(new byte[] {127, 0, 0, (byte) last}, places);
        }
        if (places.size() < 2) {
            places.clear();
            addIfUsable(new byte[] {127, 0, 0, 1}, places);
            addIfUsable(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, places);
        }
        return places;
    }

    private static void addIfUsable(byte[] bytes, List<InetAddress> places) throws UnknownHostException {
        InetAddress address = InetAddress.getByAddress(bytes);
        try (ServerSocket probe = new ServerSocket(0, 1, address)) {
            places.add(probe.getInetAddress());
        } catch (IOException notHere) {
            return;
        }
    }

    static FakeVm boot(InetAddress address, Ports ports) throws IOException {
        FakeVm vm = new FakeVm(address, ports);
        vm.web.createContext("/", exchange -> {
            byte[] page = vm.greeting();
            exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
            exchange.sendResponseHeaders(200, page.length);
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(page);
            }
        });
        vm.web.start();
        start("demo-vm-tcp", vm::accept);
        start("demo-vm-udp", vm::answerDatagrams);
        return vm;
    }

    InetAddress address() {
        return address;
    }

    /** Powers off: every server and every connection is gone at once. */
    @Override
    public void close() throws IOException {
        web.stop(0);
        tcp.close();
        udp.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }

    private byte[] greeting() {
        return (address.getHostAddress() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = tcp.accept();
                connections.add(connection);
                start("demo-vm-connection", () -> echo(connection));
            }
        } catch (IOException poweredOff) {
            return;
        }
    }

    private void echo(Socket connection) {
        try (connection) {
            connection.getOutputStream().write(greeting());
            connection.getInputStream().transferTo(connection.getOutputStream());
        } catch (IOException poweredOff) {
            return;
        } finally {
            connections.remove(connection);
        }
    }

    private void answerDatagrams() {
        DatagramPacket datagram = new DatagramPacket(new byte[DATAGRAM], DATAGRAM);
        try {
            while (true) {
                udp.receive(datagram);
                udp.send(new DatagramPacket(greeting(), greeting().length, datagram.getSocketAddress()));
            }
        } catch (IOException poweredOff) {
            return;
        }
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
