package io.github.wslproxy.status;

import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.Browser;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;

/** The page in a real browser, with fake snapshots and a fake of what it may do. Each test has a port, and so an origin, of its own. */
abstract class PageFixture {
    static final String FORWARD = ".forward:nth-child(%d) ";
    static final String FIRST = FORWARD.formatted(1);

    static @Nullable Browser started;

    final AtomicInteger asked = new AtomicInteger();
    final FakeAdminApi admin = new FakeAdminApi();

    volatile Supplier<Snapshot> snapshots =
            () -> StatusSamples.of(StatusSamples.listening("vite"), StatusSamples.failed("game"));

    @Nullable
    StatusServer server;

    int port;

    @BeforeAll
    static void startBrowser() {
        Assumptions.assumeTrue(Browser.isThere(), Browser.MISSING);
        started = Browser.start("--host-resolver-rules=MAP evil.example 127.0.0.1");
    }

    @AfterAll
    static void endBrowser() {
        if (started != null) {
            started.close();
        }
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
        browser().open("about:blank");
        browser().dark(false);
        browser().size(1440, 900);
    }

    // ---- in other words

    static Browser browser() {
        return Objects.requireNonNull(started);
    }

    StatusServer running() {
        return Objects.requireNonNull(server);
    }

    /** At the same port as before, if it was served before. */
    void serve() throws Exception {
        StatusServer next = new StatusServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                () -> {
                    asked.incrementAndGet();
                    return snapshots.get();
                },
                admin,
                FakeAdminApi.TOKEN,
                StatusSamples.every(StatusServer.Limits.USUAL, Duration.ZERO));
        next.start();
        server = next;
        port = next.address().getPort();
    }

    void show() throws Exception {
        serve();
        browser().open(url("#token=" + FakeAdminApi.TOKEN));
        Await.until(() -> connection().equals("live"));
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + "/" + path;
    }

    static String connection() {
        return browser().text("[data-slot=connection]");
    }

    static void awaitSaid(String line) throws Exception {
        Await.until(() -> browser().text("[data-slot=said]").equals(line));
    }

    void awaitUpdates(int count) throws Exception {
        int before = asked.get();
        Await.until(() -> asked.get() > before + count);
    }
}
