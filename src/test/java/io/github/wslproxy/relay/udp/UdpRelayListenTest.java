package io.github.wslproxy.relay.udp;

import static io.github.wslproxy.testing.Await.until;
import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.relay.FakeAddresses;
import io.github.wslproxy.relay.ListenerStatus;
import io.github.wslproxy.relay.RelayStats;
import io.github.wslproxy.target.CurrentTarget;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.UdpPeer;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where a relay listens and where it sends to, and how it follows when either changes. */
class UdpRelayListenTest {
    private static final InetAddress LOCAL = ip("127.0.0.1");
    private static final InetAddress LOCAL_2 = ip("127.0.0.2");
    private static final InetAddress LOCAL_3 = ip("127.0.0.3");
    private static final InetAddress LOCAL_V6 = ip("::1");
    private static final Duration NEVER = Duration.ofMillis(300);

    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    @Test
    void anAnswerComesFromTheAddressTheClientSpokeTo() throws Exception {
        UdpPeer server = fixture.use(UdpPeer.echo(UdpPeer.anyPort(LOCAL), "echo "));
        int port = UdpPeer.freePort();
        UdpRelay relay = start(everywhere(port, server), TargetSource.fixed(LOCAL));
        Set<InetAddress> all = fixture.context().localAddresses().current();
        assertThat(listening(relay)).isEqualTo(all).contains(LOCAL);
        for (InetAddress address : all) {
            UdpPeer client = fixture.use(UdpPeer.client(new InetSocketAddress(address, port)));
            assertThat(client.ask("at " + address)).isEqualTo("echo at " + address);
        }
    }

    @Test
    void aV4WildcardListensOnV4AddressesOnly() throws Exception {
        UdpPeer server = fixture.use(UdpPeer.echo(UdpPeer.anyPort(LOCAL), ""));
        Forwards forward = Forwards.udp().listen("0.0.0.0", UdpPeer.freePort()).toWsl(port(server));
        UdpRelay relay = start(forward, TargetSource.fixed(LOCAL));
        assertThat(listening(relay)).contains(LOCAL).allMatch(Inet4Address.class::isInstance);
    }

    @Test
    void aV6WildcardListensOnBothFamiliesAsWithTcp() throws Exception {
        UdpPeer server = fixture.use(UdpPeer.echo(UdpPeer.anyPort(LOCAL), ""));
        Forwards forward = Forwards.udp().listen("::", UdpPeer.freePort()).toWsl(port(server));
        UdpRelay relay = start(forward, TargetSource.fixed(LOCAL));
        assertThat(listening(relay))
                .isEqualTo(fixture.context().localAddresses().current());
    }

    @Test
    void listenersFollowTheAddressesOfThisComputer() throws Exception {
        UdpPeer server = fixture.use(UdpPeer.echo(UdpPeer.anyPort(LOCAL), "echo "));
        FakeAddresses addresses = new FakeAddresses(LOCAL, LOCAL_2);
        int port = UdpPeer.freePort();
        UdpRelay relay = fixture.start(new UdpRelay(
                everywhere(port, server).named("test"),
                TargetSource.fixed(LOCAL),
                fixture.contextWith(addresses.asLocal())));
        UdpPeer staying = fixture.use(UdpPeer.client(new InetSocketAddress(LOCAL, port)));
        UdpPeer leaving = fixture.use(UdpPeer.client(new InetSocketAddress(LOCAL_2, port)));
        staying.ask("1");
        leaving.ask("2");

        addresses.change(LOCAL, LOCAL_3);
        until(() -> listening(relay).equals(Set.of(LOCAL, LOCAL_3)));
        until(() -> relay.counters().open() == 1);
        UdpPeer arriving = fixture.use(UdpPeer.client(new InetSocketAddress(LOCAL_3, port)));
        assertThat(arriving.ask("3")).isEqualTo("echo 3");
        assertThat(staying.ask("4")).isEqualTo("echo 4");
        assertThat(relay.counters().accepted()).isEqualTo(3);

        RelayFixture.stop(relay, Duration.ZERO);
        addresses.change(LOCAL);
        assertThat(listening(relay)).isEmpty();
    }

    @Test
    void aPortThatIsTakenHindersNoOtherAddressAndIsTriedAgain() throws Exception {
        UdpPeer server = fixture.use(UdpPeer.echo(UdpPeer.anyPort(LOCAL), "echo "));
        UdpPeer owner = fixture.use(UdpPeer.server(UdpPeer.anyPort(LOCAL_2)));
        int port = port(owner);
        FakeAddresses addresses = new FakeAddresses(LOCAL, LOCAL_2);
        UdpRelay relay = fixture.start(new UdpRelay(
                everywhere(port, server).named("test"),
                TargetSource.fixed(LOCAL),
                fixture.contextWith(addresses.asLocal())));
        assertThat(relay.listeners()).hasSize(2).satisfiesOnlyOnce(status -> assertThat(status)
                .isInstanceOf(ListenerStatus.Failed.class));
        UdpPeer client = fixture.use(UdpPeer.client(new InetSocketAddress(LOCAL, port)));
        assertThat(client.ask("one")).isEqualTo("echo one");
        owner.close();
        until(() -> listening(relay).equals(Set.of(LOCAL, LOCAL_2)));
    }

    @Test
    void sessionsFollowATargetThatMovesAndForgetTheOldOne() throws Exception {
        UdpPeer old = fixture.use(UdpPeer.server(UdpPeer.anyPort(LOCAL_2)));
        int port = port(old);
        fixture.use(UdpPeer.echo(new InetSocketAddress(LOCAL_3, port), "third "));
        fixture.use(UdpPeer.echo(new InetSocketAddress(LOCAL_V6, port), "sixth "));
        CurrentTarget target = new CurrentTarget(Clock.systemUTC(), up(LOCAL_2));
        UdpRelay relay = start(onLocal(port), target);
        UdpPeer client = client(relay);
        client.send("first");
        InetSocketAddress session = old.receive().from();

        target.publish(up(LOCAL_3));
        old.sendTo(session, "too late");
        assertThat(client.receive(NEVER)).isEmpty();
        assertThat(client.ask("hello")).isEqualTo("third hello");
        target.publish(up(LOCAL_V6));
        assertThat(client.ask("hello")).isEqualTo("sixth hello");
        assertThat(relay.counters().accepted()).isOne();
    }

    @Test
    void withoutATargetDatagramsAreDroppedAndASessionLivesOn() throws Exception {
        UdpPeer server = fixture.use(UdpPeer.echo(UdpPeer.anyPort(LOCAL), "echo "));
        CurrentTarget target = new CurrentTarget(Clock.systemUTC(), new TargetState.Down("it was shut down"));
        UdpRelay relay = start(onLocal(port(server)), target);
        UdpPeer client = client(relay);
        client.send("anyone?");
        until(() -> relay.counters().refused() == 1);
        assertThat(relay.counters().accepted()).isZero();
        assertThat(relay.counters().lastError())
                .hasValueSatisfying(error -> assertThat(error.text()).contains("it was shut down"));

        target.publish(up(LOCAL));
        assertThat(client.ask("now?")).isEqualTo("echo now?");
        target.publish(new TargetState.Down("again"));
        client.send("gone?");
        until(() -> relay.counters()
                .lastError()
                .map(RelayStats.LastError::text)
                .orElse("")
                .contains("again"));
        assertThat(relay.counters().refused()).isOne();
        target.publish(up(LOCAL));
        assertThat(client.ask("back?")).isEqualTo("echo back?");
        assertThat(relay.counters().accepted()).isOne();
    }

    @Test
    void aSendThatFailsAsksForTheTargetAnew() throws Exception {
        AtomicInteger suspicions = new AtomicInteger();
        CurrentTarget target = new CurrentTarget(Clock.systemUTC(), up(LOCAL));
        target.onConnectFailed(suspicions::incrementAndGet);
        UdpPeer server = fixture.use(UdpPeer.echo(UdpPeer.anyPort(LOCAL), ""));
        Forwards fromV6 = Forwards.udp().listen("::1", 0).toWsl(port(server));
        UdpPeer client = client(start(fromV6, target));
        client.send(new byte[65_508]);
        client.ask("next");
        assertThat(suspicions).hasValue(1);
    }

    @Test
    void aRelayThatWouldFeedItselfRefuses() throws Exception {
        int port = UdpPeer.freePort();
        Forwards selfish = Forwards.udp().listen("127.0.0.1", port).toWsl(port);
        CurrentTarget target = new CurrentTarget(Clock.systemUTC(), up(LOCAL));
        UdpRelay relay = start(selfish, target);
        UdpPeer client = client(relay);
        client.send("round and round");
        until(() -> relay.counters().refused() == 1);
        assertThat(relay.counters().accepted()).isZero();

        fixture.use(UdpPeer.echo(new InetSocketAddress(LOCAL_2, port), "echo "));
        target.publish(up(LOCAL_2));
        assertThat(client.ask("out")).isEqualTo("echo out");
        target.publish(up(LOCAL));
        client.send("round again");
        until(() -> relay.counters()
                .lastError()
                .map(RelayStats.LastError::text)
                .orElse("")
                .startsWith("lost a datagram"));
    }

    @Test
    void twoRelaysThatFeedEachOtherRefuse() throws Exception {
        int one = UdpPeer.freePort();
        UdpRelay back = start(Forwards.udp().listen("127.0.0.1", 0).toWsl(one), TargetSource.fixed(LOCAL));
        int two = RelayFixture.bound(back).get(0).getPort();
        UdpRelay forth = start(Forwards.udp().listen("127.0.0.1", one).toWsl(two), TargetSource.fixed(LOCAL));
        client(forth).send("ping");
        client(back).send("pong");
        until(() -> forth.counters().refused() == 1 && back.counters().refused() == 1);
    }

    @Test
    void listensNowhereWhileWslSharesThePortsOfWindows() throws Exception {
        int port = UdpPeer.freePort();
        fixture.use(UdpPeer.echo(new InetSocketAddress(LOCAL_2, port), "echo "));
        CurrentTarget target = new CurrentTarget(Clock.systemUTC(), up(LOCAL_2));
        UdpRelay relay = start(Forwards.udp().listen("127.0.0.1", port).toWsl(port), target);
        UdpPeer client = client(relay);
        client.ask("hello");
        target.publish(new TargetState.OnLan("mirrored", LOCAL, "asked"));
        until(() -> relay.listeners().get(0) instanceof ListenerStatus.NotOpen);
        until(() -> relay.counters().open() == 0);
        target.publish(up(LOCAL_2));
        assertThat(client.askUntilAnswered("again")).isEqualTo("echo again");
    }

    @Test
    void programsInWslReachAServerOnLocalhostAtTheSamePortAndItsAdapterIsFollowed() throws Exception {
        UdpPeer server = fixture.use(UdpPeer.echo(UdpPeer.anyPort(LOCAL), "echo "));
        int port = port(server);
        UdpRelay relay = start(Forwards.udp().listen("wsl", port).toWsl(port), TargetSource.fixed(LOCAL));
        assertThat(relay.listeners().get(0)).isInstanceOf(ListenerStatus.NotOpen.class);

        fixture.hostAdapter().adapterIs("127.0.0.2");
        until(() -> listening(relay).equals(Set.of(LOCAL_2)));
        assertThat(client(relay).ask("1")).isEqualTo("echo 1");
        fixture.hostAdapter().adapterIs("127.0.0.3");
        until(() -> listening(relay).equals(Set.of(LOCAL_3)));

        assertThat(client(relay).ask("2")).isEqualTo("echo 2");
        assertThat(relay.counters().open())
                .as("sessions end with the socket they are replied from")
                .isEqualTo(1);
    }

    private static TargetState up(InetAddress address) {
        return new TargetState.Up(address, "the test says so");
    }

    private static Forwards everywhere(int port, UdpPeer server) {
        return Forwards.udp().listen("*", port).toWsl(port(server));
    }

    private static Forwards onLocal(int targetPort) {
        return Forwards.udp().listen("127.0.0.1", 0).toWsl(targetPort);
    }

    private static int port(UdpPeer server) {
        return server.address().getPort();
    }

    private UdpRelay start(Forwards forward, TargetSource source) throws Exception {
        return fixture.start(new UdpRelay(forward.named("test"), source, fixture.context()));
    }

    private UdpPeer client(UdpRelay relay) throws Exception {
        return fixture.use(UdpPeer.client(RelayFixture.bound(relay).get(0)));
    }

    private static Set<InetAddress> listening(UdpRelay relay) {
        List<InetSocketAddress> bound = RelayFixture.bound(relay);
        return bound.stream().map(InetSocketAddress::getAddress).collect(Collectors.toSet());
    }
}
