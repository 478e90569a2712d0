package io.github.wslproxy.status;

import com.sun.net.httpserver.HttpServer;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what the proxy does, to a browser on this computer: {@code /} the page, {@code /api/status} JSON,
 * {@code /metrics} Prometheus text. What changes something has to be posted, with a token.
 *
 * <p>It has threads of its own and touches the relays only through the supplier, so neither a stuck client nor a flood
 * of them is felt by what is forwarded.
 */
public final class StatusServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StatusServer.class);

    /** Read by the JDK's server when its classes are loaded; it limits connections in no other way. */
    private static final String CONNECTION_LIMIT = "jdk.httpserver.maxConnections";

    /** Far more than an answer of some kilobytes needs. */
    private static final Duration DEADLINE = Duration.ofSeconds(3);

    static {
        if (System.getProperty(CONNECTION_LIMIT) == null) {
            System.setProperty(CONNECTION_LIMIT, "128");
        }
    }

    private final InetSocketAddress listen;
    private final Supplier<Snapshot> snapshot;
    private final Controls controls;
    private final String token;
    private final Duration deadline;
    private @Nullable HttpServer server;
    private @Nullable StatusThreads threads;

    /**
     * A server that does nothing until it is started.
     *
     * @param snapshot is called for each answer on threads of this server, two at a time at most; it should not block
     * @param controls called on the same threads; may block for less than the three seconds that an exchange may take
     * @param token what has to be sent along with an action
     */
    public StatusServer(InetSocketAddress listen, Supplier<Snapshot> snapshot, Controls controls, String token) {
        this(listen, snapshot, controls, token, DEADLINE);
    }

    StatusServer(
            InetSocketAddress listen, Supplier<Snapshot> snapshot, Controls controls, String token, Duration deadline) {
        this.listen = listen;
        this.snapshot = snapshot;
        this.controls = controls;
        this.token = token;
        this.deadline = deadline;
    }

    /**
     * Listens; once it returns, requests are answered. A failed start leaves nothing behind and may be repeated.
     *
     * @throws IOException if it cannot listen; the message is for the user, it names the address and says what to do
     */
    public synchronized void start() throws IOException {
        if (server != null) {
            throw new IllegalStateException("already started");
        }
        HttpServer bound = bind();
        StatusThreads ownThreads = new StatusThreads(deadline);
        bound.setExecutor(ownThreads);
        bound.createContext("/", new StatusHandler(snapshot, controls, token));
        ownThreads.startAsDaemon(bound);
        server = bound;
        threads = ownThreads;
        log.info("status page at {}", NetUtil.toSocketAddressString(bound.getAddress()));
    }

    /** Where it listens, with the port that was chosen if port 0 was asked for. Only while it is started. */
    public synchronized InetSocketAddress address() {
        if (server == null) {
            throw new IllegalStateException("not started");
        }
        return server.getAddress();
    }

    /** Frees the port, ends every connection and the threads. May be repeated, and called without a start. */
    @Override
    public synchronized void close() {
        if (server != null) {
            server.stop(0);
            server = null;
        }
        if (threads != null) {
            threads.close();
            threads = null;
        }
    }

    private HttpServer bind() throws IOException {
        try {
            return HttpServer.create(listen, 0);
        } catch (IOException cause) {
            throw new IOException(
                    "status page: cannot listen on " + NetUtil.toSocketAddressString(listen) + ": " + cause.getMessage()
                            + " (choose another address or port for listen in [status], or listen = \"off\")",
                    cause);
        }
    }
}
