package io.github.wslproxy.testing;

import static io.github.wslproxy.testing.Forwards.ip;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that sends back what comes to as many clients as the system allows, all on one thread. */
public final class ManyPeers implements Closeable {
    private static final int BACKLOG = 4096;

    private final Selector selector = Selector.open();
    private final ServerSocketChannel server = ServerSocketChannel.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(65536);
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean closing;

    /** Listens on a free port of 127.0.0.1. */
    public ManyPeers() throws IOException {
        server.bind(new InetSocketAddress(ip("127.0.0.1"), 0), BACKLOG);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        Thread thread = new Thread(this::serve, "many-peers");
        thread.setDaemon(true);
        thread.start();
    }

    public int port() throws IOException {
        return ((InetSocketAddress) server.getLocalAddress()).getPort();
    }

    /** How many clients are connected now. */
    public int open() {
        return open.get();
    }

    private void serve() {
        try (selector;
                server) {
            while (!closing) {
                selector.select(this::serve);
            }
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                acceptAll();
            } else {
                echo((SocketChannel) key.channel());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void acceptAll() throws IOException {
        for (SocketChannel client = server.accept(); client != null; client = server.accept()) {
            open.incrementAndGet();
            client.configureBlocking(false);
            client.register(selector, SelectionKey.OP_READ);
        }
    }

    private void echo(SocketChannel client) throws IOException {
        try {
            buffer.clear();
            if (client.read(buffer) >= 0) {
                buffer.flip();
                client.write(buffer);
                return;
            }
        } catch (IOException reset) {
            // It is gone as well.
        }
        client.close();
        open.decrementAndGet();
    }

    /** Ends it with all its clients. */
    @Override
    public void close() {
        closing = true;
        selector.wakeup();
    }
}
