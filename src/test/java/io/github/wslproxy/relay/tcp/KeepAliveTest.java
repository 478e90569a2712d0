package io.github.wslproxy.relay.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.RelayFixture;
import io.netty.channel.ChannelOption;
import java.io.IOException;
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

        assertThat(client.config().getOption(ChannelOption.SO_KEEPALIVE)).isTrue();
        assertThat(times(client)).isEqualTo(times(untouched));
    }

    private TcpSocket socket() {
        TcpSocket socket = new TcpSocket(new TcpChannelSetup(fixture.context().loops()));
        fixture.use(() -> socket.unsafe().closeForcibly());
        return socket;
    }

    private static List<Integer> times(TcpSocket socket) throws IOException {
        return List.of(
                socket.javaChannel().getOption(ExtendedSocketOptions.TCP_KEEPIDLE),
                socket.javaChannel().getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL),
                socket.javaChannel().getOption(ExtendedSocketOptions.TCP_KEEPCOUNT));
    }
}
