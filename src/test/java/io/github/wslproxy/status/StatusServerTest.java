package io.github.wslproxy.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wslproxy.status.StatusAnswer.ActionResult;
import io.github.wslproxy.testing.Await;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Listens and ends, and looks at the proxy no oftener than it has to. */
class StatusServerTest extends StatusServerFixture {
    @Test
    void asksForANewSnapshotEachTime() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        StatusServer server = start(() -> StatusSamples.of(StatusSamples.listening("n" + asked.incrementAndGet())));

        assertThat(request(server, "GET", "/metrics").body()).contains("\"n1\"");
        assertThat(request(server, "GET", "/metrics").body()).contains("\"n2\"");
    }

    @Test
    void aFailingSupplierGives500AndTheServerLives() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        StatusServer server = start(() -> {
            return switch (asked.incrementAndGet()) {
                case 1 -> throw new IllegalStateException("<secret>");
                case 2 -> throw new AssertionError("<secret>");
                default -> SNAPSHOT;
            };
        });

        for (int i = 0; i < 2; i++) {
            HttpResponse<String> answer = request(server, "GET", "/api/status");
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).hasLineCount(1).doesNotContain("secret");
        }
        assertThat(request(server, "GET", "/api/status").statusCode()).isEqualTo(200);
    }

    @Test
    void aStuckSupplierHoldsOthersUpOnlyUntilTheDeadline() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch bothAreStuck = new CountDownLatch(2);
        Supplier<Snapshot> stuckTwice = () -> {
            if (asked.incrementAndGet() <= 2) {
                bothAreStuck.countDown();
                awaitOrFail(never);
            }
            return SNAPSHOT;
        };
        StatusServer server = start(stuckTwice, SOON);
        send(server, "GET /api/status HTTP/1.1\r\nHost: localhost\r\n\r\n");
        send(server, "GET /api/status HTTP/1.1\r\nHost: localhost\r\n\r\n");
        bothAreStuck.await();

        assertThat(request(server, "GET", "/api/status").statusCode()).isEqualTo(200);
    }

    @Test
    void aFloodOfRequestsTakesFewSnapshotsAndIsAnswered() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        StatusServer server = start(
                () -> {
                    asked.incrementAndGet();
                    return SNAPSHOT;
                },
                ONE_SNAPSHOT);

        for (int i = 0; i < 100; i++) {
            for (String path :
                    List.of("/", "/api/status", "/metrics", "/api/qr?url=http%3A%2F%2F192.168.1.7%3A5173%2F")) {
                assertThat(request(server, "GET", path).statusCode()).isEqualTo(200);
            }
        }
        assertThat(asked.get()).isLessThanOrEqualTo(5);
    }

    @Test
    void aFloodOfRequestsForConnectionsLooksAtThemAFewTimes() throws Exception {
        StatusServer server = start(() -> SNAPSHOT, ONE_SNAPSHOT);

        for (int i = 0; i < 100; i++) {
            HttpResponse<String> answer = request(server, "GET", "/api/links?forward=vite");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("192.168.1.50:50123");
        }
        assertThat(admin.looks()).isEqualTo(5);
        assertThat(request(server, "GET", "/api/links?forward=other").statusCode())
                .isEqualTo(429);
    }

    @Test
    void whatAnActionHasChangedIsSeenAtOnce() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        StatusServer server =
                start(() -> StatusSamples.of(StatusSamples.listening("n" + asked.incrementAndGet())), ONE_SNAPSHOT);
        for (int i = 0; i < 10; i++) {
            request(server, "GET", "/metrics");
        }
        assertThat(request(server, "GET", "/metrics").body()).contains("\"n5\"");

        assertThat(new StatusClient(server.address()).post("pause", "{\"forward\": \"a\"}", FakeAdminApi.TOKEN))
                .isEqualTo(ActionResult.done("did: pause a"));
        assertThat(request(server, "GET", "/metrics").body()).contains("\"n6\"");
        server.changed();
        assertThat(request(server, "GET", "/metrics").body()).contains("\"n7\"");
        assertThat(request(server, "GET", "/metrics").body()).contains("\"n7\"");
    }

    @Test
    void anAddressInUseIsNamedWithWhatToDo() throws Exception {
        InetSocketAddress taken = start(() -> SNAPSHOT).address();
        StatusServer second = new StatusServer(taken, () -> SNAPSHOT, new FakeAdminApi(), FakeAdminApi.TOKEN);
        servers.add(second);

        assertThatThrownBy(second::start)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen on 127.0.0.1:" + taken.getPort() + ": ")
                .hasMessageContaining("listen = \"off\"")
                .hasMessageNotContaining("\n");
        servers.get(0).close();
        second.start();
        assertThat(request(second, "GET", "/api/status").statusCode()).isEqualTo(200);
    }

    @Test
    void aNameThatIsNoAddressIsAnErrorToo() {
        StatusServer server = new StatusServer(
                InetSocketAddress.createUnresolved("no.such.host", 1),
                () -> SNAPSHOT,
                new FakeAdminApi(),
                FakeAdminApi.TOKEN);

        assertThatThrownBy(server::start).isInstanceOf(IOException.class).hasMessageContaining("no.such.host:1");
    }

    @Test
    void closeFreesThePortAndTheThreads() throws Exception {
        StatusServer server = start(() -> SNAPSHOT);
        InetSocketAddress address = server.address();
        request(server, "GET", "/api/status");
        send(server, "G");
        assertThat(ownThreads()).isNotEmpty().allMatch(Thread::isDaemon);

        server.close();
        server.close();

        assertThatThrownBy(server::address).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> new Socket(address.getAddress(), address.getPort()))
                .isInstanceOf(IOException.class);
        Await.until(() -> ownThreads().isEmpty());
        StatusServer next = new StatusServer(address, () -> SNAPSHOT, new FakeAdminApi(), FakeAdminApi.TOKEN);
        servers.add(next);
        next.start();
    }

    /** The JDK closes a socket only when its selector is asked again. */
    @Test
    void whenItIsClosedNobodyIsAcceptedAnyMore() throws Exception {
        for (int i = 0; i < 50; i++) {
            StatusServer server = start(() -> SNAPSHOT);
            InetSocketAddress address = server.address();
            server.close();
            assertThatThrownBy(() -> new Socket(address.getAddress(), address.getPort()))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void closeWithoutStartAndStartAfterClose() throws Exception {
        StatusServer server = new StatusServer(loopback(), () -> SNAPSHOT, new FakeAdminApi(), FakeAdminApi.TOKEN);
        servers.add(server);

        assertThatCode(server::close).doesNotThrowAnyException();
        server.start();
        assertThatThrownBy(server::start).isInstanceOf(IllegalStateException.class);
        assertThat(request(server, "GET", "/api/status").statusCode()).isEqualTo(200);
    }
}
