package io.github.wslproxy.relay.udp;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.relay.FakeAddresses;
import io.github.wslproxy.relay.ListenerConfig;
import io.github.wslproxy.relay.LocalAddresses;
import io.github.wslproxy.relay.LoopGuard;
import io.github.wslproxy.relay.PortMapping;
import io.github.wslproxy.target.CurrentTarget;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.UdpPeer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;

/** From where a session speaks to its target, and to which of several addresses. */
class UdpSourceTest {
    private static final InetAddress LOCAL = ip("127.0.0.1");
    private static final InetAddress LOCAL_2 = ip("127.0.0.2");
    private static final InetAddress LOCAL_6 = ip("::1");
    private static final Duration NEVER = Duration.ofMillis(300);

    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    /** So a host of the LAN that forges the target's address has to send to the address that leads to the target. */
    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "needs a second address of this computer")
    void aSessionHearsOnlyWhatIsSentToTheAddressThatLeadsToItsTarget() throws Exception {
        UdpPeer server = fixture.use(UdpPeer.server(UdpPeer.anyPort(LOCAL)));
        UdpRelay relay = start(to(server), TargetSource.fixed(LOCAL));
        UdpPeer client = client(relay);
        client.send("hello");
        InetSocketAddress session = server.receive().from();
        assertThat(session.getAddress()).isEqualTo(LOCAL);

        server.sendTo(new InetSocketAddress(LOCAL_2, session.getPort()), "to another address");

        assertThat(client.receive(NEVER)).isEmpty();
        server.sendTo(session, "to this one");
        assertThat(client.receive().text()).isEqualTo("to this one");
    }

    @Test
    void aSessionGoesOnFromAnotherAddressWhereThatLeadsToTheTargetNow() throws Exception {
        UdpPeer four = fixture.use(UdpPeer.echo(UdpPeer.anyPort(LOCAL), "four "));
        int port = four.address().getPort();
        UdpPeer six = fixture.use(UdpPeer.echo(new InetSocketAddress(LOCAL_6, port), "six "));
        CurrentTarget target = new CurrentTarget(Clock.systemUTC(), new TargetState.Up(LOCAL, "test"));
        UdpRelay relay = start(to(six), target);
        UdpPeer client = client(relay);
        assertThat(client.ask("1")).isEqualTo("four 1");

        target.publish(new TargetState.Up(LOCAL_6, "test"));
        assertThat(client.ask("2")).isEqualTo("six 2");
        target.publish(new TargetState.Up(LOCAL, "test"));
        assertThat(client.ask("3")).isEqualTo("four 3");

        assertThat(relay.counters().accepted()).isOne();
        assertThat(relay.counters().open()).isOne();
    }

    /** On Windows its socket would hear nothing any more. */
    @Test
    void aSessionWhoseAddressHasBeenAwayGetsAnotherSocket() throws Exception {
        UdpPeer server = fixture.use(UdpPeer.server(UdpPeer.anyPort(LOCAL_6)));
        InetAddress leading = ip("2001:db8::7");
        FakeAddresses computer = new FakeAddresses(leading);
        LocalAddresses addresses = computer.asLocal();
        UdpSocketFactory sockets = new UdpSocketFactory(fixture.context().loops(), new LoopGuard(addresses)) {
            @Override
            InetAddress leadingTo(InetSocketAddress target) {
                return leading;
            }
        };
        Forward forward = to(server).named("x");
        ListenerConfig config =
                new ListenerConfig(forward, PortMapping.of(forward).get(0), TargetSource.fixed(LOCAL_6));
        UdpTarget udpTarget = new UdpTarget(() -> config, new LoopGuard(addresses), addresses, sockets);
        udpTarget.current();
        UdpTarget.Source before = udpTarget.source();
        udpTarget.current();
        assertThat(udpTarget.source()).isSameAs(before);

        computer.change();
        computer.change(leading);
        udpTarget.current();

        assertThat(udpTarget.source()).isNotEqualTo(before);
    }

    @Test
    void aTargetThatNothingLeadsToIsSaidAndTriedAgain() throws Exception {
        UdpPeer server = fixture.use(UdpPeer.echo(UdpPeer.anyPort(LOCAL), ""));
        CurrentTarget target = new CurrentTarget(Clock.systemUTC(), new TargetState.Up(ip("240.0.0.1"), "test"));
        UdpRelay relay = start(to(server), target);
        UdpPeer client = client(relay);
        client.send("nowhere");
        Await.until(() -> relay.counters().refused() + relay.counters().accepted() == 1);
        target.publish(new TargetState.Up(LOCAL, "test"));

        assertThat(client.askUntilAnswered("there")).isEqualTo("there");
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "needs a second address of this computer")
    void ofSeveralAddressesTheNextIsUsedWhereOneReportsThatNobodyIsThere() throws Exception {
        UdpPeer server = fixture.use(UdpPeer.echo(UdpPeer.anyPort(LOCAL_2), ""));
        Name name = new Name(LOCAL, LOCAL_2);
        UdpRelay relay = start(to(server), name);
        UdpPeer client = client(relay);

        assertThat(client.askUntilAnswered("anybody?")).isEqualTo("anybody?");

        assertThat(name.failed)
                .contains(new InetSocketAddress(LOCAL, server.address().getPort()));
        assertThat(name.worked).contains(server.address());
        assertThat(relay.counters().accepted()).isOne();
        client.send(""); // A connected socket leaves empty datagrams out.
        Await.until(() -> client.receive().payload().length == 0); // Earlier questions may be answered more than once.
        assertThat(client.ask("still here")).isEqualTo("still here");
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "needs an address that nothing leads to on any computer")
    void ofSeveralAddressesTheFirstIsUsedThatSomethingLeadsTo() throws Exception {
        UdpPeer server = fixture.use(UdpPeer.echo(UdpPeer.anyPort(LOCAL), ""));
        InetAddress linkLocalOfNoAdapter = ip("fe80::1");
        UdpRelay relay = start(to(server), new Name(linkLocalOfNoAdapter, LOCAL));

        assertThat(client(relay).ask("anybody?")).isEqualTo("anybody?");
        assertThat(relay.counters().refused()).isZero();
    }

    /** A name of two addresses, of which the one that failed comes last. */
    private static final class Name implements TargetSource {
        final List<InetSocketAddress> failed = new CopyOnWriteArrayList<>();
        final List<InetSocketAddress> worked = new CopyOnWriteArrayList<>();
        private final TargetState state;
        private volatile List<InetAddress> order;

        Name(InetAddress... addresses) {
            order = List.of(addresses);
            state = new TargetState.Up(order, "test");
        }

        @Override
        public TargetState current() {
            return state;
        }

        @Override
        public List<InetAddress> addresses(int port) {
            return order;
        }

        @Override
        public void failed(InetSocketAddress where) {
            failed.add(where);
            if (where.getAddress().equals(order.get(0))) {
                order = List.of(order.get(1), order.get(0));
            }
        }

        @Override
        public void worked(InetSocketAddress where) {
            worked.add(where);
        }
    }

    private UdpRelay start(Forwards forward, TargetSource target) throws Exception {
        return fixture.start(new UdpRelay(forward.named("x"), target, fixture.context()));
    }

    private UdpPeer client(UdpRelay relay) throws Exception {
        return fixture.use(UdpPeer.client(RelayFixture.bound(relay).get(0)));
    }

    private static Forwards to(UdpPeer server) {
        return Forwards.udp().listen("127.0.0.1", 0).toWsl(server.address().getPort());
    }
}
