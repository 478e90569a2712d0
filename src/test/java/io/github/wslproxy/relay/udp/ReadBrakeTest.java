package io.github.wslproxy.relay.udp;

import static io.github.wslproxy.testing.Forwards.ip;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.RelayFixture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ReadBrakeTest {
    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    private final EmbeddedChannel channel = new EmbeddedChannel(new ReadBrake());

    /** Has each read fail before it has taken the datagram that waits, so that the socket stays readable for ever. */
    private static final class FailingSocket extends RelaySocket {
        final AtomicInteger reads = new AtomicInteger();

        FailingSocket() {
            super(StandardProtocolFamily.INET, ByteBuffer.allocate(0));
        }

        @Override
        protected int doReadMessages(List<Object> read) throws IOException {
            reads.incrementAndGet();
            throw new SocketException("Network dropped connection on reset");
        }
    }

    @Test
    void aSocketWhoseReadsFailForEverRestsAndIsClosedInTheEnd() throws Exception {
        FailingSocket socket = new FailingSocket();
        AtomicInteger failures = new AtomicInteger();
        socket.pipeline().addLast(new ReadBrake(), new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                failures.incrementAndGet();
            }
        });
        EventLoop loop = fixture.context().loops().group().next();
        loop.register(socket).get(10, TimeUnit.SECONDS);
        socket.bind(new InetSocketAddress(ip("127.0.0.1"), 0)).get(10, TimeUnit.SECONDS);
        long began = System.nanoTime();
        try (DatagramSocket sender = new DatagramSocket()) {
            byte[] waiting = "x".getBytes(UTF_8);
            sender.send(new DatagramPacket(waiting, waiting.length, socket.localAddress()));
        }

        Await.until(() -> socket.reads.get() > 100);
        assertThat(socket.isOpen()).isTrue();
        socket.closeFuture().get(15, TimeUnit.SECONDS);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofSeconds(4));
        assertThat(socket.reads).hasValueLessThan(1000);
        assertThat(failures).hasValueLessThan(1000);
    }

    @Test
    void anyDatagramReleasesIt() {
        for (int i = 0; i < 1000; i++) {
            channel.pipeline().fireChannelReadComplete();
            if (i % 50 == 0) {
                channel.writeInbound("datagram");
            }
        }

        assertThat(channel.config().isAutoRead()).isTrue();
        assertThat(channel.isOpen()).isTrue();
        channel.releaseInbound();
    }

    @Test
    void readingGoesOnAfterARest() {
        readInVain();
        assertThat(channel.config().isAutoRead()).isFalse();

        channel.advanceTimeBy(1, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();

        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void whereRestsDoNotHelpItIsClosed() {
        for (int i = 0; i < 6; i++) {
            assertThat(channel.isOpen()).isTrue();
            readInVain();
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
        }

        assertThat(channel.isOpen()).isFalse();
    }

    private void readInVain() {
        for (int i = 0; i <= 100; i++) {
            channel.pipeline().fireChannelReadComplete();
        }
    }
}
