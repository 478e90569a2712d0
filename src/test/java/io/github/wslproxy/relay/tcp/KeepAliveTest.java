package io.github.wslproxy.relay.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.RelayFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeepAliveTest {
    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    @Test
    void aClientIsAskedEachMinuteAndMayBeAwayForTen() {
        assertThat(KeepAlive.lasting(Duration.ofMinutes(10))).isEqualTo(new KeepAlive(60, 60, 9));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10, 19, 30, 61, 125, 600, 7200, 86_400, 300_000})
    void itGivesUpAfterTheTimeThatWasAskedFor(int seconds) {
        KeepAlive keepAlive = KeepAlive.lasting(Duration.ofSeconds(seconds));

        assertThat(keepAlive.idle() + keepAlive.interval() * keepAlive.count()).isEqualTo(seconds);
        assertThat(keepAlive.idle()).isBetween(1, 32_767);
        assertThat(keepAlive.interval()).isBetween(1, 32_767);
        assertThat(keepAlive.count()).isBetween(1, 127);
    }

    @Test
    void theClientsSocketHasWhatWasAskedForAndTheTargetsTwoMinutes() throws Exception {
        TcpSocket client = socket();
        TcpSocket target = socket();
        KeepAlive.lasting(Duration.ofMinutes(10)).applyTo(client);
        KeepAlive.OF_THE_TARGET.applyTo(target);

        assertThat(times(client)).containsExactly(60, 60, 9);
        assertThat(times(target)).containsExactly(60, 15, 4);
    }

    @Test
    void zeroLeavesTheTimesToTheSystem() throws Exception {
        TcpSocket untouched = socket();
        TcpSocket client = socket();
        KeepAlive.lasting(Duration.ZERO).applyTo(client);

        assertThat(option(client, StandardSocketOptions.SO_KEEPALIVE)).isTrue();
        assertThat(times(client)).isEqualTo(times(untouched));
    }

    private TcpSocket socket() throws IOException {
        TcpSocket socket = TcpSocket.open(
                fixture.context().loops().group().next(), new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
        fixture.use(socket::close);
        return socket;
    }

    private static List<Integer> times(TcpSocket socket) throws IOException {
        return List.of(
                option(socket, ExtendedSocketOptions.TCP_KEEPIDLE),
                option(socket, ExtendedSocketOptions.TCP_KEEPINTERVAL),
                option(socket, ExtendedSocketOptions.TCP_KEEPCOUNT));
    }

    private static <T> T option(TcpSocket socket, SocketOption<T> option) throws IOException {
        return ((SocketChannel) socket.selectableChannel()).getOption(option);
    }
}
