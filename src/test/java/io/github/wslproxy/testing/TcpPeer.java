package io.github.wslproxy.testing;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A TCP server with a script: each accepted connection is played by the script on a thread of its own. */
public final class TcpPeer implements Closeable {
    private final ServerSocket server;
    private final Script script;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<Socket> accepted = new LinkedBlockingQueue<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    /** What the server does with one connection. The socket is closed when the script returns. */
    public interface Script {
        void play(Socket socket) throws Exception;
    }

    private TcpPeer(InetSocketAddress address, Script script) throws IOException {
        this.script = script;
        server = new ServerSocket();
        server.bind(address, 1000);
        start(this::accept);
    }

    /** Listens on a free port of {@code address}. */
    public static TcpPeer at(String address, Script script) throws IOException {
        return new TcpPeer(new InetSocketAddress(InetAddress.getByName(address), 0), script);
    }

    /** Listens on 127.0.0.1. */
    public static TcpPeer playing(Script script) throws IOException {
        return at("127.0.0.1", script);
    }

    public static TcpPeer atPort(String address, int port, Script script) throws IOException {
        return new TcpPeer(new InetSocketAddress(InetAddress.getByName(address), port), script);
    }

    /** Sends back what comes, and the end too. */
    public static void echo(Socket socket) throws IOException {
        socket.getInputStream().transferTo(socket.getOutputStream());
        socket.shutdownOutput();
    }

    public InetAddress address() {
        return server.getInetAddress();
    }

    public int port() {
        return server.getLocalPort();
    }

    /** The next connection that was accepted and not asked for yet. */
    public Socket nextAccepted() throws InterruptedException {
        Socket socket = accepted.poll(10, TimeUnit.SECONDS);
        if (socket == null) {
            throw new AssertionError("no connection came");
        }
        return socket;
    }

    /** Whether there is a connection that was accepted and not asked for yet. */
    public boolean isConnectedTo() {
        return !accepted.isEmpty();
    }

    /** Failures of scripts so far. */
    public Queue<Throwable> failures() {
        return failures;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                open.add(socket);
                accepted.add(socket);
                start(() -> play(socket));
            }
        } catch (IOException closed) {
            // The way this thread ends.
        }
    }

    private void play(Socket socket) {
        try (socket) {
            script.play(socket);
        } catch (Exception e) {
            failures.add(e);
        } finally {
            open.remove(socket);
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "tcp-peer");
        thread.setDaemon(true);
        thread.start();
    }
}
