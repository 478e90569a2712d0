package io.github.wslproxy.relay.tcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.relay.ReadBuffers;
import io.github.wslproxy.relay.tcp.Preread.FirstBytes;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.RelayFixture;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PumpTest {
    private static final int MIB = 1 << 20;

    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    private FakeLink link;

    @BeforeEach
    void connect() throws Exception {
        link = FakeLink.connect(fixture);
    }

    @Test
    void bytesTravelBothWaysAndAreCounted() throws Exception {
        link.begin(FirstBytes.NONE);

        send(link.client().peer(), "ping");
        assertThat(receive(link.target().peer(), 4)).isEqualTo("ping");
        send(link.target().peer(), "pong!");
        assertThat(receive(link.client().peer(), 5)).isEqualTo("pong!");

        assertThat(link.stats().bytesIn()).isEqualTo(4);
        assertThat(link.stats().bytesOut()).isEqualTo(5);
        assertThat(link.pumps().bytesIn()).isEqualTo(4);
        assertThat(link.pumps().bytesOut()).isEqualTo(5);
    }

    @Test
    void theFirstBytesComeFirstAndTheirHeaderIsNotCounted() throws Exception {
        link.begin(new FirstBytes(Unpooled.copiedBuffer("PROXY early ", UTF_8), 6, false));

        send(link.client().peer(), "late");

        assertThat(receive(link.target().peer(), 16)).isEqualTo("PROXY early late");
        assertThat(link.pumps().bytesIn()).isEqualTo(10);
    }

    @Test
    void anEndBehindTheFirstBytesIsPassedOn() throws Exception {
        link.begin(new FirstBytes(Unpooled.copiedBuffer("early", UTF_8), 0, true));

        assertThat(link.target().peer().getInputStream().readAllBytes())
                .asString(UTF_8)
                .isEqualTo("early");
    }

    @Test
    void anAnswerArrivesAlthoughItsServerHasResetBeforeItTookAllFirstBytes() throws Exception {
        link.begin(new FirstBytes(Unpooled.wrappedBuffer(new byte[32 * MIB]), 0, true));
        assertThat(budget().waiting()).isPositive();

        link.run(() -> answerAndReset(link.target())); // The link hears of both at once.

        assertThat(receive(link.client().peer(), 3)).isEqualTo("413");
        assertThat(link.nextEnd().reason()).startsWith("target failed: ");
        assertThat(budget().waiting()).isZero();
    }

    private static void answerAndReset(SocketAndPeer target) {
        try {
            send(target.peer(), "413");
            target.reset();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aSinkThatTakesNothingStopsItsSourceAndHoldsOneBuffer() throws Exception {
        link.begin(FirstBytes.NONE);
        CompletableFuture<Void> sent =
                CompletableFuture.runAsync(() -> sendUnchecked(link.client().peer(), 32 * MIB));
        Await.untilUnchanged(link.stats()::bytesIn, Duration.ofMillis(300));

        assertThat(link.stats().bytesIn()).isLessThan(32L * MIB);
        assertThat(budget().waiting()).isBetween(1L, (long) MIB);

        assertThat(link.target().peer().getInputStream().readNBytes(32 * MIB)).hasSize(32 * MIB);
        sent.get(10, TimeUnit.SECONDS);
        assertThat(budget().waiting()).isZero();
    }

    @Test
    void aResetWhileItsBytesWaitForADeafSinkIsNoticedAndTheBytesAreKept() throws Exception {
        link.begin(FirstBytes.NONE);
        CompletableFuture.runAsync(() -> sendUnchecked(link.client().peer(), 32 * MIB));
        Await.untilUnchanged(link.stats()::bytesIn, Duration.ofMillis(300));
        // A connection is watched once nothing has moved for a second.
        link.run(() ->
                link.pumps().tick(System.nanoTime() + Duration.ofSeconds(1).toNanos()));

        link.client().reset();

        Await.until(() -> !link.expiresAfter(FakeLink.HALF_CLOSE.minusSeconds(10))
                && link.expiresAfter(FakeLink.HALF_CLOSE.plusSeconds(10)));
        assertThat(link.isOver()).isFalse();
        assertThat(budget().waiting()).isPositive();
        link.run(() -> link.pumps().cutOff("the test is over"));
    }

    private ReadBuffers budget() {
        return fixture.context().loops().readBuffers();
    }

    private static void send(Socket from, String text) throws Exception {
        from.getOutputStream().write(text.getBytes(UTF_8));
    }

    private static String receive(Socket at, int bytes) throws Exception {
        return new String(at.getInputStream().readNBytes(bytes), UTF_8);
    }

    private static void sendUnchecked(Socket from, int bytes) {
        try {
            from.getOutputStream().write(new byte[bytes]);
        } catch (IOException reset) {
            return;
        }
    }
}
