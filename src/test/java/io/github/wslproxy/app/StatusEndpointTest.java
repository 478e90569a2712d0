package io.github.wslproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.status.FakeAdminApi;
import io.github.wslproxy.testing.FakeTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StatusEndpointTest {
    private static final Duration RETRY = Duration.ofSeconds(10);

    private final FakeTime time = new FakeTime();
    private final AtomicInteger moves = new AtomicInteger();
    private final AtomicInteger tokens = new AtomicInteger();
    private final StatusEndpoint endpoint = new StatusEndpoint(
            () -> {
                throw new IllegalStateException("nobody asks");
            },
            new FakeAdminApi(),
            () -> "token " + tokens.incrementAndGet(),
            time);

    @AfterEach
    void end() {
        endpoint.close();
        time.shutdownNow();
    }

    private static ServerSocket taken() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    private static Optional<InetSocketAddress> of(ServerSocket socket) {
        return Optional.of((InetSocketAddress) socket.getLocalSocketAddress());
    }

    private static InetSocketAddress free() throws IOException {
        try (ServerSocket socket = taken()) {
            return of(socket).orElseThrow();
        }
    }

    @Test
    void itMovesOnceForEachOtherAddressAndEachHasATokenOfItsOwn() throws Exception {
        endpoint.onMoved(moves::incrementAndGet);
        InetSocketAddress first = free();
        InetSocketAddress second = free();

        endpoint.moveTo(() -> Optional.of(first));
        endpoint.moveTo(() -> Optional.of(first));
        assertThat(endpoint.address()).contains(first);
        assertThat(moves).hasValue(1);
        assertThat(endpoint.mayHavePort(first.getPort())).isTrue();

        endpoint.moveTo(() -> Optional.of(second));
        assertThat(endpoint.address()).contains(second);
        assertThat(endpoint.mayHavePort(first.getPort())).isFalse();
        assertThat(endpoint.mayHavePort(second.getPort())).isTrue();
        endpoint.moveTo(Optional::empty);
        assertThat(endpoint.address()).isEmpty();
        assertThat(moves).hasValue(3);
        assertThat(tokens).hasValue(2);
    }

    @Test
    void aPortThatTheSystemChoosesIsItsOwn() {
        endpoint.moveTo(() -> Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));

        assertThat(endpoint.mayHavePort(endpoint.address().orElseThrow().getPort()))
                .isTrue();
    }

    @Test
    void anAddressThatIsTakenIsTriedAgainUntilItIsFree() throws Exception {
        Optional<InetSocketAddress> wanted;
        try (ServerSocket other = taken()) {
            wanted = of(other);
            endpoint.moveTo(() -> wanted);
            endpoint.onMoved(moves::incrementAndGet);
            time.pass(RETRY.multipliedBy(3));
            assertThat(endpoint.address()).isEmpty();
            assertThat(endpoint.mayHavePort(other.getLocalPort())).isTrue();
            assertThat(moves).hasValue(0);
        }

        time.pass(RETRY);
        assertThat(endpoint.address()).isEqualTo(wanted);
        assertThat(moves).hasValue(1);
    }

    @Test
    void anAddressThatNobodyAsksForAnyMoreIsNotTriedAgain() throws Exception {
        try (ServerSocket other = taken()) {
            endpoint.moveTo(() -> of(other));
        }
        endpoint.moveTo(Optional::empty);

        time.pass(RETRY.multipliedBy(2));
        assertThat(endpoint.address()).isEmpty();
    }

    @Test
    void onceClosedItOpensNothing() throws Exception {
        try (ServerSocket other = taken()) {
            endpoint.moveTo(() -> of(other));
        }
        endpoint.close();

        time.pass(RETRY.multipliedBy(2));
        InetSocketAddress next = free();
        endpoint.moveTo(() -> Optional.of(next));
        assertThat(endpoint.address()).isEmpty();
    }
}
