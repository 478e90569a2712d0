package io.github.wslproxy.bench.compare.load;

import io.github.wslproxy.bench.compare.lab.Background;
import io.github.wslproxy.bench.compare.lab.Lab;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The server behind many idle links: takes every link, returns what it gets. A process of its own, since both ends of
 * 10,000 links may be more than one process may open.
 */
public final class LinkSink {
    private static final int BACKLOG = 4096;

    private final Selector selector;
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(512);

    private LinkSink(Selector selector) {
        this.selector = selector;
    }

    /** Starts it as a process; it listens when this returns. */
    public static Background start(Lab lab, int port) throws IOException, InterruptedException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LinkSink.class.getName(),
                Integer.toString(port));
        return Servers.awaitTcp(lab.start(command, Map.of()), port);
    }

    public static void main(String[] arguments) throws IOException {
        try (Selector selector = Selector.open();
                ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(Servers.LOOPBACK, Integer.parseInt(arguments[0])), BACKLOG);
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
            new LinkSink(selector).serve();
        }
    }

    private void serve() throws IOException {
        while (true) {
            selector.select(this::serve);
        }
    }

    private void serve(SelectionKey key) {
        try {
            if (key.channel() instanceof ServerSocketChannel server) {
                accept(server);
            } else {
                echo((SocketChannel) key.channel());
            }
        } catch (IOException clientHasGone) {
            key.cancel();
        }
    }

    private void accept(ServerSocketChannel server) throws IOException {
        for (SocketChannel link = server.accept(); link != null; link = server.accept()) {
            link.configureBlocking(false);
            link.register(selector, SelectionKey.OP_READ);
        }
    }

    private void echo(SocketChannel link) throws IOException {
        bytes.clear();
        if (link.read(bytes) < 0) {
            link.close();
            return;
        }
        bytes.flip();
        link.write(bytes);
    }
}
