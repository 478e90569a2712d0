package io.github.wslproxy.bench.soak;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A server inside the pretend VM, which does what its clients ask for. One port, on each address the VM may have. */
final class LinkServer implements Closeable {
    private static final int BACKLOG = 1024;

    private final List<ServerSocket> listeners = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(DaemonThreads.named("link-server"));
    private final AtomicInteger open = new AtomicInteger();
    private final Findings findings;

    /** Listens when this returns. */
    LinkServer(List<InetAddress> addresses, int port, Findings findings) throws IOException {
        this.findings = findings;
        for (InetAddress address : addresses) {
            ServerSocket listener = new ServerSocket(port, BACKLOG, address);
            listeners.add(listener);
            threads.execute(() -> accept(listener));
        }
    }

    /** How many clients are connected now. */
    int open() {
        return open.get();
    }

    private void accept(ServerSocket listener) {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                open.incrementAndGet();
                threads.execute(() -> serve(client));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    findings.add("a server of the soak cannot accept: " + e);
                }
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            new ServedLink(client, threads).serve();
        } catch (BrokenStreamException e) {
            findings.add("a server got " + e.getMessage());
        } catch (IOException reset) {
            // Its client says whether that should have been.
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } finally {
            open.decrementAndGet();
        }
    }

    @Override
    public void close() throws IOException {
        for (ServerSocket listener : listeners) {
            listener.close();
        }
        threads.shutdownNow();
    }
}
