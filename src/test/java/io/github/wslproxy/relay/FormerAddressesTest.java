package io.github.wslproxy.relay;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.relay.FormerAddresses.Presence;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.BlackHole;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.TcpPeer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("slow")
class FormerAddressesTest {
    private static final InetSocketAddress OLD = new InetSocketAddress(ip("172.30.98.229"), 8000);

    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    private final Queue<InetSocketAddress> asked = new ConcurrentLinkedQueue<>();
    private volatile Presence answer = Presence.SILENT;

    @Test
    void whereNobodyAnswersTwiceConnectionsAreReset() throws Exception {
        Relayed relay = new Relayed();
        scripted().watch(OLD, relay);

        Await.until(() -> relay.reset.size() == 1);
        assertThat(asked).containsExactly(OLD, OLD);
    }

    @Test
    void whileSomebodyAnswersNothingIsReset() throws Exception {
        answer = Presence.THERE;
        Relayed relay = new Relayed();
        scripted().watch(OLD, relay);

        Await.until(() -> asked.size() >= 4);
        assertThat(relay.reset).isEmpty();
        answer = Presence.SILENT;
        Await.until(() -> relay.reset.size() == 1);
    }

    @Test
    void aMomentOfSilenceOrOneWithoutASocketToAskWithResetsNothing() throws Exception {
        Relayed relay = new Relayed();
        List<Presence> script = List.of(
                Presence.NOT_ASKED,
                Presence.NOT_ASKED,
                Presence.SILENT,
                Presence.THERE,
                Presence.SILENT,
                Presence.THERE);
        new FormerAddresses(
                        fixture.context().loops(),
                        (loop, where) -> {
                            asked.add(where);
                            int turn = asked.size() - 1;
                            return CompletableFuture.completedFuture(
                                    turn < script.size() ? script.get(turn) : Presence.THERE);
                        },
                        Duration.ofMillis(5))
                .watch(OLD, relay);

        Await.until(() -> asked.size() >= 8);
        assertThat(relay.reset).isEmpty();
    }

    @Test
    void oneQuestionAsksForAllConnectionsAndItEndsWithThem() throws Exception {
        answer = Presence.THERE;
        List<Relayed> relays = new ArrayList<>();
        FormerAddresses addresses = scripted();
        for (int i = 0; i < 50; i++) {
            Relayed relay = new Relayed();
            relays.add(relay);
            addresses.watch(OLD, relay);
        }
        Await.until(() -> asked.size() >= 2);
        assertThat(asked.size()).isLessThan(10);

        relays.forEach(relay -> relay.leads = false);
        answer = Presence.SILENT;
        Await.until(() -> relays.stream().allMatch(relay -> relay.toldNo));
        assertThat(relays).allSatisfy(relay -> assertThat(relay.reset).isEmpty());
    }

    @Test
    void aServerAndARefusalAreAnswersAndABlackHoleIsNone() throws Exception {
        TcpPeer server = fixture.use(TcpPeer.playing(TcpPeer::echo));
        BlackHole hole = fixture.use(new BlackHole(ip("127.0.0.3")));
        Relayed there = new Relayed();
        Relayed refused = new Relayed();
        Relayed gone = new Relayed();
        FormerAddresses addresses = fixture.context().formerAddresses();

        addresses.watch(new InetSocketAddress(server.address(), server.port()), there);
        addresses.watch(new InetSocketAddress(ip("127.0.0.2"), server.port()), refused);
        addresses.watch(new InetSocketAddress(ip("127.0.0.3"), hole.port()), gone);

        Await.until(() -> gone.reset.size() == 1);
        assertThat(there.reset).isEmpty();
        assertThat(refused.reset).isEmpty();
    }

    private FormerAddresses scripted() {
        return new FormerAddresses(
                fixture.context().loops(),
                (loop, where) -> {
                    asked.add(where);
                    return CompletableFuture.completedFuture(answer);
                },
                Duration.ofMillis(20));
    }

    private static final class Relayed implements FormerAddresses.Connections {
        private final Queue<InetAddress> reset = new ConcurrentLinkedQueue<>();
        private volatile boolean leads = true;
        private volatile boolean toldNo;

        @Override
        public boolean lead(InetAddress address) {
            toldNo = toldNo || !leads;
            return leads;
        }

        @Override
        public void resetTo(InetAddress address) {
            reset.add(address);
        }
    }
}
