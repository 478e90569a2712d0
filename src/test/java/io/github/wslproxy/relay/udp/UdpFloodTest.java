package io.github.wslproxy.relay.udp;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RecordedEvents;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.UdpPeer;
import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** More clients than there can be sessions. */
@Tag("slow")
class UdpFloodTest {
    private static final int SOURCES = 100_000;
    private static final int SESSIONS = 1024;
    private static final int HOSTS_PER_NET = 250;

    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    @Test
    @EnabledOnOs(
            value = OS.LINUX,
            disabledReason = "needs as many addresses of this computer as 127.0.0.0/8 has on Linux")
    void aHundredThousandSourcesFillTheTableAndTheOldSessionsGoOn() throws Exception {
        UdpPeer echo = fixture.use(UdpPeer.echo(UdpPeer.anyPort(ip("127.0.0.1")), ""));
        Forwards forward = Forwards.udp()
                .listen("127.0.0.1", 0)
                .toWsl(echo.address().getPort())
                .limits(SESSIONS, 128)
                .udpIdleTimeout(Duration.ofSeconds(2));
        UdpRelay relay =
                fixture.start(new UdpRelay(forward.named("x"), TargetSource.fixed(ip("127.0.0.1")), fixture.context()));
        InetSocketAddress address = RelayFixture.bound(relay).get(0);
        UdpPeer old = fixture.use(UdpPeer.client(address));
        assertThat(old.ask("before")).isEqualTo("before");
        long descriptors = descriptors();
        ListAppender<ILoggingEvent> lines = capture();
        try {
            for (int i = 0; i < SOURCES; i++) {
                sendFrom(source(i), 20_000 + i % 7, address);
                if (i % 500 == 0) {
                    assertThat(old.askUntilAnswered("still " + i)).startsWith("still");
                    assertThat(relay.counters().open()).isLessThanOrEqualTo(SESSIONS);
                }
            }
            assertThat(relay.counters().accepted() + relay.counters().refused()).isGreaterThan(SOURCES / 2);
            assertThat(relay.counters().accepted()).isGreaterThan(SESSIONS);
            assertThat(descriptors() - descriptors).isLessThan(SESSIONS + 50);
            assertThat(lines.list).hasSizeLessThan(2000);
            Await.until(() -> {
                old.askUntilAnswered("alive");
                return relay.counters().open() == 1;
            });
        } finally {
            release(lines);
        }
        UdpPeer next = fixture.use(UdpPeer.client(address));
        assertThat(next.askUntilAnswered("after")).isEqualTo("after");
    }

    /** Each another address. */
    private static InetAddress source(int number) throws Exception {
        int net = 256 + number / HOSTS_PER_NET;
        return InetAddress.getByAddress(
                new byte[] {127, (byte) (net >> 8), (byte) net, (byte) (1 + number % HOSTS_PER_NET)});
    }

    private static void sendFrom(InetAddress source, int port, InetSocketAddress to) throws Exception {
        try (DatagramChannel socket = DatagramChannel.open(StandardProtocolFamily.INET)) {
            socket.bind(new InetSocketAddress(source, port));
            socket.send(ByteBuffer.wrap(new byte[] {'x'}), to);
        }
    }

    private static long descriptors() {
        String[] all = new File("/proc/self/fd").list();
        assertThat(all).isNotNull();
        return all.length;
    }

    private static ListAppender<ILoggingEvent> capture() {
        Logger log = (Logger) LoggerFactory.getLogger(UdpRelay.class);
        ListAppender<ILoggingEvent> lines = new RecordedEvents();
        lines.start();
        log.setLevel(Level.INFO);
        log.setAdditive(false);
        log.addAppender(lines);
        return lines;
    }

    private static void release(ListAppender<ILoggingEvent> lines) {
        Logger log = (Logger) LoggerFactory.getLogger(UdpRelay.class);
        log.detachAppender(lines);
        log.setAdditive(true);
        log.setLevel(null);
    }
}
