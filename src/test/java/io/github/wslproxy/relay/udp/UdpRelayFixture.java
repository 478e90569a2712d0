package io.github.wslproxy.relay.udp;

import static io.github.wslproxy.testing.Forwards.ip;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RecordedEvents;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.UdpPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** A relay, clients and targets over real sockets. */
abstract class UdpRelayFixture {
    static final InetAddress LOCAL = ip("127.0.0.1");
    static final InetAddress LOCAL_2 = ip("127.0.0.2");
    static final InetAddress LOCAL_V6 = ip("::1");
    static final Duration NEVER = Duration.ofMillis(300);

    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    static RecordedEvents captured() {
        Logger log = (Logger) LoggerFactory.getLogger(UdpRelay.class);
        RecordedEvents lines = new RecordedEvents();
        lines.start();
        log.setLevel(Level.WARN);
        log.addAppender(lines);
        return lines;
    }

    static void release(RecordedEvents lines) {
        Logger log = (Logger) LoggerFactory.getLogger(UdpRelay.class);
        log.detachAppender(lines);
        log.setLevel(null);
    }

    UdpRelay relayTo(UdpPeer server) throws Exception {
        return start(on("127.0.0.1", server), LOCAL);
    }

    static Forwards on(String host, UdpPeer server) {
        return Forwards.udp().listen(host, 0).toWsl(server.address().getPort());
    }

    UdpRelay start(Forwards forward, InetAddress target) throws Exception {
        return fixture.start(new UdpRelay(forward.named("test"), TargetSource.fixed(target), fixture.context()));
    }

    UdpPeer client(UdpRelay relay) throws IOException {
        return fixture.use(UdpPeer.client(bound(relay)));
    }

    UdpPeer server(InetAddress address) throws IOException {
        return fixture.use(UdpPeer.server(UdpPeer.anyPort(address)));
    }

    static InetSocketAddress bound(UdpRelay relay) {
        return RelayFixture.bound(relay).get(0);
    }

    static byte[] random(int size) {
        byte[] bytes = new byte[size];
        ThreadLocalRandom.current().nextBytes(bytes);
        return bytes;
    }
}
