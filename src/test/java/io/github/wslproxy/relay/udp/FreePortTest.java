package io.github.wslproxy.relay.udp;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.relay.LocalAddresses;
import io.github.wslproxy.relay.LoopGuard;
import io.github.wslproxy.relay.LoopGuards;
import io.github.wslproxy.testing.UdpPeer;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What happens when the system has no dynamic port left; that it has none is played. */
class FreePortTest {
    private static final InetAddress LOCAL = ip("127.0.0.1");
    private static final int ALL = 65_536;

    private final LoopGuard loopGuard = new LoopGuard(new LocalAddresses());
    private final FreePort freePort = new FreePort(loopGuard);

    @Test
    void theOnePortThatNoListenerHasIsFound() throws Exception {
        int free = UdpPeer.freePort();
        for (int port = 1024; port < ALL; port++) {
            if (port != free) {
                listenOn(port);
            }
        }
        try (DatagramChannel socket = DatagramChannel.open()) {
            assertThat(freePort.bindToOther(socket, LOCAL)).isTrue();
            assertThat(((InetSocketAddress) socket.getLocalAddress()).getPort()).isEqualTo(free);
        }
    }

    @Test
    void portsThatOtherProgramsHoldAreLeftOut() throws Exception {
        int free = UdpPeer.freePort();
        try (UdpPeer other = UdpPeer.server(UdpPeer.anyPort(LOCAL));
                DatagramChannel socket = DatagramChannel.open()) {
            int held = other.address().getPort();
            for (int port = 1024; port < ALL; port++) {
                if (port != free && port != held) {
                    listenOn(port);
                }
            }
            assertThat(freePort.bindToOther(socket, LOCAL)).isTrue();
            assertThat(((InetSocketAddress) socket.getLocalAddress()).getPort()).isEqualTo(free);
        }
    }

    @Test
    void anAddressThatHasGoneIsTriedAtAllPortsOnceASecondAtMost() throws Exception {
        AtomicLong now = new AtomicLong();
        AtomicInteger tries = new AtomicInteger();
        FreePort gone = new FreePort(
                loopGuard,
                (socket, to) -> {
                    tries.incrementAndGet();
                    throw new BindException("Cannot assign requested address");
                },
                now::get);
        try (DatagramChannel socket = DatagramChannel.open()) {
            assertThatThrownBy(() -> gone.bind(socket, LOCAL)).isInstanceOf(BindException.class);
            int ofOneSearch = tries.getAndSet(0);
            for (int i = 0; i < 100; i++) {
                assertThatThrownBy(() -> gone.bind(socket, LOCAL)).isInstanceOf(BindException.class);
            }
            assertThat(tries.getAndSet(0)).isEqualTo(100);

            now.addAndGet(Duration.ofSeconds(1).toNanos());
            assertThatThrownBy(() -> gone.bind(socket, LOCAL)).isInstanceOf(BindException.class);
            assertThat(tries.get()).isEqualTo(ofOneSearch).isGreaterThan(100);
        }
    }

    private void listenOn(int port) {
        LoopGuards.listen(loopGuard, Protocol.UDP, new InetSocketAddress(LOCAL, port), Optional::empty);
    }
}
