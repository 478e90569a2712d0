package io.github.wslproxy.relay.tcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.relay.ReadBuffers;
import io.github.wslproxy.relay.tcp.Preread.FirstBytes;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.RelayFixture;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.IoEventLoop;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PrereadTest {
    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    private IoEventLoop loop;
    private ReadBuffers budget;
    private SocketAndPeer client;
    private Preread preread;

    @BeforeEach
    void beginToWait() throws Exception {
        loop = fixture.context().loops().group().next();
        budget = fixture.context().loops().readBuffers();
        client = SocketAndPeer.open(fixture, loop);
        preread = loop.submit(
                        () -> new Preread(client.socket(), fixture.context().loops()))
                .get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void drop() throws Exception {
        SocketAndPeer.on(loop, preread::drop);
    }

    @Test
    void whatComesIsKeptInOrderAndHandedOverOnce() throws Exception {
        send("GET ");
        Await.until(() -> budget.waiting() > 0);
        send("/");

        assertThat(takeOnce(5)).isEqualTo("GET /");
        assertThat(textOf(take())).isEmpty();
    }

    @Test
    void whatIsKeptIsChargedToTheBudgetUntilItIsHandedOver() throws Exception {
        send("GET /");
        Await.until(() -> budget.waiting() >= 5);

        SocketAndPeer.on(loop, preread::drop);

        assertThat(budget.waiting()).isZero();
    }

    @Test
    void onlyALittleIsRead() throws Exception {
        send("x".repeat(100_000));
        Await.untilUnchanged(budget::waiting, Duration.ofMillis(300));

        assertThat(textOf(take()).length()).isBetween(16 * 1024, 32 * 1024);
    }

    @Test
    void aClientThatHasEndedMayWaitForTheAnswer() throws Exception {
        send("GET /");
        Await.until(() -> budget.waiting() > 0);
        client.peer().shutdownOutput();

        FirstBytes first = takeEnded();
        assertThat(client.socket().isOpen()).isTrue();
        assertThat(textOf(first)).isEqualTo("GET /");
    }

    @Test
    void aClientThatHasResetIsClosed() throws Exception {
        client.reset();

        Await.until(() -> !client.socket().isOpen());
    }

    @Test
    void aHeaderComesFirstInTheSameBufferAndIsNotOfTheClient() {
        FirstBytes read = new FirstBytes(Unpooled.copiedBuffer("GET /", UTF_8), 0, false);

        FirstBytes first = read.behind(Unpooled.buffer().writeBytes("PROXY ".getBytes(UTF_8)));

        assertThat(first.fromClient()).isEqualTo(5);
        assertThat(first.headerLength()).isEqualTo(6);
        assertThat(textOf(first)).isEqualTo("PROXY GET /");
    }

    private void send(String text) throws Exception {
        client.peer().getOutputStream().write(text.getBytes(UTF_8));
    }

    private FirstBytes take() throws Exception {
        return loop.submit(preread::take).get(10, TimeUnit.SECONDS);
    }

    private String takeOnce(int bytes) throws Exception {
        Await.until(() -> budget.waiting() >= bytes);
        return textOf(take());
    }

    /** Collects what is kept until the end has come. */
    private FirstBytes takeEnded() throws Exception {
        ByteBuf all = Unpooled.buffer();
        AtomicBoolean ended = new AtomicBoolean();
        Await.until(() -> {
            FirstBytes part = take();
            all.writeBytes(part.bytes());
            part.bytes().release();
            ended.set(part.ended());
            return ended.get();
        });
        return new FirstBytes(all, 0, ended.get());
    }

    private static String textOf(FirstBytes first) {
        try {
            return first.bytes().toString(UTF_8);
        } finally {
            first.bytes().release();
        }
    }
}
