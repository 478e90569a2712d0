package io.github.wslproxy.relay.tcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.relay.ReadBuffers;
import io.github.wslproxy.relay.tcp.Preread.FirstBytes;
import io.github.wslproxy.testing.RelayFixture;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PrereadTest {
    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    private final EmbeddedChannel client = new EmbeddedChannel();
    private ReadBuffers budget;
    private Preread preread;
    private int reads;

    @BeforeEach
    void beginToWait() {
        budget = fixture.context().loops().readBuffers();
        preread = new Preread(fixture.context().loops());
        client.config().setAutoRead(false);
        client.pipeline().addLast(new ChannelOutboundHandlerAdapter() {
            @Override
            public void read(ChannelHandlerContext ctx) {
                reads++;
            }
        });
        client.pipeline().addLast(preread);
    }

    @AfterEach
    void close() {
        preread.drop();
        client.finishAndReleaseAll();
    }

    @Test
    void whatComesIsKeptInOrderAndHandedOverOnce() {
        receive("GET ");
        receive("/");

        assertThat(textOf(preread.take())).isEqualTo("GET /");
        assertThat(textOf(preread.take())).isEmpty();
    }

    @Test
    void whatIsKeptIsChargedToTheBudgetUntilItIsHandedOver() {
        receive("GET /");
        assertThat(budget.waiting()).isGreaterThanOrEqualTo(5);

        preread.drop();

        assertThat(budget.waiting()).isZero();
    }

    @Test
    void onlyALittleIsRead() {
        assertThat(reads).isOne();
        receive("x".repeat(16 * 1024 - 1));
        assertThat(reads).isEqualTo(2);
        receive("x");
        assertThat(reads).isEqualTo(2);
    }

    @Test
    void aClientThatHasEndedMayWaitForTheAnswer() {
        receive("GET /");
        client.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        client.pipeline().fireChannelReadComplete();

        assertThat(client.isOpen()).isTrue();
        assertThat(reads).isEqualTo(2);
        FirstBytes first = preread.take();
        assertThat(first.ended()).isTrue();
        assertThat(textOf(first)).isEqualTo("GET /");
    }

    @Test
    void aClientThatHasResetIsClosed() {
        client.pipeline().fireExceptionCaught(new IOException("Connection reset"));

        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void aHeaderComesFirstInTheSameBufferAndIsNotOfTheClient() {
        receive("GET /");

        FirstBytes first = preread.take().behind(Unpooled.buffer().writeBytes("PROXY ".getBytes(UTF_8)));

        assertThat(first.fromClient()).isEqualTo(5);
        assertThat(first.headerLength()).isEqualTo(6);
        assertThat(textOf(first)).isEqualTo("PROXY GET /");
    }

    private void receive(String text) {
        ByteBuf bytes = client.alloc().buffer().writeBytes(text.getBytes(UTF_8));
        client.pipeline().fireChannelRead(bytes);
        client.pipeline().fireChannelReadComplete();
    }

    private static String textOf(FirstBytes first) {
        try {
            return first.bytes().toString(UTF_8);
        } finally {
            first.bytes().release();
        }
    }
}
