package io.github.wslproxy.doctor;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.doctor.SocketDialer.DialResult;
import io.github.wslproxy.doctor.SocketDialer.DialResult.Then;
import io.github.wslproxy.testing.TcpPeer;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SocketDialerTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    @Test
    void whatTheOtherSideDoesIsSeen() throws Exception {
        assertThat(then(socket -> socket.getInputStream().transferTo(OutputStream.nullOutputStream())))
                .isEqualTo(Then.STAYED_OPEN);
        assertThat(then(socket -> socket.getOutputStream().write('+'))).isEqualTo(Then.SPOKE);
        assertThat(then(socket -> {})).isEqualTo(Then.ENDED);
        assertThat(then(socket -> socket.setSoLinger(true, 0))).isEqualTo(Then.WAS_RESET);
    }

    @Test
    void aPortThatNobodyListensOnRefuses() throws Exception {
        // Bound, so that nobody else gets the port meanwhile, and not listening.
        try (Socket bound = new Socket()) {
            bound.bind(at(0));

            assertThat(SocketDialer.dial(at(bound.getLocalPort()), LIMIT, Duration.ZERO))
                    .isEqualTo(new DialResult.Refused());
        }
    }

    /** A backlog that is full drops what comes, as a firewall does. */
    @Test
    void silenceIsToldFromARefusal() throws Exception {
        Duration soon = Duration.ofMillis(200);
        List<Socket> waiting = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, ip("127.0.0.1"))) {
            DialResult last = new DialResult.Refused();
            while (!(last instanceof DialResult.TimedOut) && waiting.size() < 100) {
                last = SocketDialer.dial(at(full.getLocalPort()), soon, Duration.ZERO);
                Socket one = new Socket();
                waiting.add(one);
                try {
                    one.connect(at(full.getLocalPort()), 50);
                } catch (SocketTimeoutException itIsFull) {
                    // What is waited for: the next dial meets the same.
                }
            }
            assertThat(last).isEqualTo(new DialResult.TimedOut(soon));
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    private static Then then(TcpPeer.Script script) throws Exception {
        try (TcpPeer peer = TcpPeer.playing(script)) {
            DialResult dialed = SocketDialer.dial(at(peer.port()), LIMIT, Duration.ofMillis(500));
            assertThat(dialed).isInstanceOf(DialResult.Accepted.class);
            return ((DialResult.Accepted) dialed).then();
        }
    }

    private static InetSocketAddress at(int port) {
        return new InetSocketAddress(ip("127.0.0.1"), port);
    }
}
