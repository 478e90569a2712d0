package io.github.wslproxy.demo;

import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One life of the pretend VM: an HTTP server, a TCP echo and a UDP echo at one address. Each answers with the address
 * it runs at, so that a client sees which life it has reached.
 */
final class FakeVm implements Closeable {
    private static final int BACKLOG = 50;
    private static final int DATAGRAM = 2048;

    private final InetAddress address;
    private final HttpServer web;
    private final ServerSocket tcp;
    private final DatagramSocket udp;
    private final Set<Socket> links = ConcurrentHashMap.newKeySet();

    /** The ports of the three servers, the same in each life. */
    record Ports(int web, int tcp, int udp) {
        /** Three that are free at {@code address}. */
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

    /** Powers off: every server and every link is gone at once. */
    @Override
    public void close() throws IOException {
        web.stop(0);
        tcp.close();
        udp.close();
        for (Socket link : links) {
            link.close();
        }
    }

    private byte[] greeting() {
        return (address.getHostAddress() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private void accept() {
        try {
            while (true) {
                Socket link = tcp.accept();
                links.add(link);
                start("demo-vm-link", () -> echo(link));
            }
        } catch (IOException poweredOff) {
            return;
        }
    }

    private void echo(Socket link) {
        try (link) {
            link.getOutputStream().write(greeting());
            link.getInputStream().transferTo(link.getOutputStream());
        } catch (IOException poweredOff) {
            return;
        } finally {
            links.remove(link);
        }
    }

    private void answerDatagrams() {
        DatagramPacket datagram = new DatagramPacket(new byte[DATAGRAM], DATAGRAM);
        try {
            while (true) {
                udp.receive(datagram);
                udp.send(new DatagramPacket(greeting(), greeting().length, datagram.getSocketAddress()));
            }
        } catch (SocketException poweredOff) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
