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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("slow")
class ReadBrakeTest {
    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    private final List<Throwable> failures = new ArrayList<>();

    private final AtomicLong clock = new AtomicLong();
    private final AtomicBoolean hasSessions = new AtomicBoolean();
    private final EmbeddedChannel channel = new EmbeddedChannel(
            new ReadBrake(() -> !hasSessions.get(), clock::get), new ChannelInboundHandlerAdapter() {
                @Override
                public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                    failures.add(cause);
                }
            });

    /** Has each read fail before it has taken the datagram that waits, so that the socket stays readable for ever. */
    private static final class FailingSocket extends UdpSocket {
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
        socket.pipeline().addLast(new ReadBrake(() -> true), new ChannelInboundHandlerAdapter() {
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
        for (int i = 0; i < 10_000; i++) {
            channel.pipeline().fireChannelReadComplete();
            if (i % 50 == 0) {
                channel.writeInbound("datagram");
            }
        }

        assertThat(channel.config().isAutoRead()).isTrue();
        assertThat(channel.isOpen()).isTrue();
        channel.releaseInbound();
    }

    /** On Linux each datagram with a wrong checksum is one such read, whoever sends it. */
    @Test
    void fiveThousandReadsInVainASecondDoNotStopIt() {
        for (int i = 0; i < 50_000; i++) {
            clock.addAndGet(TimeUnit.MICROSECONDS.toNanos(200));
            channel.pipeline().fireChannelReadComplete();
            assertThat(channel.config().isAutoRead()).isTrue();
        }
    }

    @Test
    void atARateThatHurtsItRestsForMillisecondsAndIsNeverClosed() {
        for (int i = 0; i < 1000; i++) {
            readInVain();
            assertThat(channel.config().isAutoRead()).isFalse();

            pass(4);

            assertThat(channel.config().isAutoRead()).isTrue();
        }
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void whereReadsFailAndRestsDoNotHelpItIsClosed() {
        failForTenSeconds();

        assertThat(channel.isOpen()).isFalse();
        assertThat(failures).hasSizeLessThan(2000);
    }

    @Test
    void aSocketThatHasSessionsStaysOpenUntilTheyHaveEnded() {
        hasSessions.set(true);
        failForTenSeconds();
        assertThat(channel.isOpen()).isTrue();

        hasSessions.set(false);
        failForTenSeconds();
        assertThat(channel.isOpen()).isFalse();
    }

    private void failForTenSeconds() {
        for (int i = 0; i < 10_000; i++) {
            for (int reads = 0; reads < 100 && channel.config().isAutoRead() && channel.isOpen(); reads++) {
                channel.pipeline().fireExceptionCaught(new SocketException("planted"));
            }
            pass(1);
        }
    }

    private void pass(int millis) {
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    private void readInVain() {
        for (int i = 0; i < 500; i++) {
            channel.pipeline().fireChannelReadComplete();
        }
    }
}
