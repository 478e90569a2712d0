package io.github.wslproxy.relay;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class PeerTest {

    @Test
    void isWrittenAsAPersonWouldTypeIt() {
        assertThat(Peer.name(new InetSocketAddress(ip("192.168.1.7"), 51234))).isEqualTo("192.168.1.7:51234");
        assertThat(Peer.name(new InetSocketAddress(ip("fd00:77::7"), 1))).isEqualTo("[fd00:77::7]:1");
        assertThat(Peer.name(new InetSocketAddress(ip("::ffff:10.0.0.1"), 1))).isEqualTo("10.0.0.1:1");
    }

    @Test
    void thatTheSystemNoLongerKnowsIsGone() {
        assertThat(Peer.name(null)).isEqualTo("(gone)");
    }

    @Test
    void aFailureIsToldInTheWordsOfTheSystemAndIsNeverEmpty() {
        assertThat(SocketErrors.of(new BindException("Address already in use"))).isEqualTo("Address already in use");
        assertThat(SocketErrors.of(new ChannelException("Failed to open.", new IOException("Too many open files"))))
                .isEqualTo("Too many open files");
        assertThat(SocketErrors.of(new ChannelException("alone"))).isEqualTo("alone");
        assertThat(SocketErrors.of(new IOException())).isEqualTo("IOException");
    }
}
