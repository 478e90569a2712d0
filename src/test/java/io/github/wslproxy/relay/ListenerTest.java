package io.github.wslproxy.relay;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.target.CurrentTarget;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.Escalations;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RecordedEvents;
import io.github.wslproxy.testing.RelayFixture;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/**
 * Adapters and WSL come and go on a pretend computer; the sockets are real, on loopback whatever address is asked for.
 */
class ListenerTest {
    private static final InetAddress WIFI = ip("192.168.1.10");
    private static final InetAddress VPN = ip("10.8.0.2");

    /** Of TEST-NET-1 (RFC 5737), so that no computer can bind to it. */
    private static final InetAddress NOBODYS = ip("192.0.2.1");

    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    @RegisterExtension
    final Escalations escalations = new Escalations();

    private final FakeAddresses computer = new FakeAddresses(WIFI);
    private final CurrentTarget target =
            new CurrentTarget(Clock.systemUTC(), new TargetState.Up(ip("172.30.98.229"), "the test says so"));
    private final List<InetAddress> asked = new CopyOnWriteArrayList<>();
    private final List<Channel> opened = new CopyOnWriteArrayList<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(Listener.class);
    private final ListAppender<ILoggingEvent> log = new RecordedEvents();
    private volatile boolean refusing;
    private volatile @Nullable Runnable onBind;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    @BeforeEach
    void listenToTheLog() {
        logger.setLevel(Level.INFO);
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void close() throws Exception {
        for (Listener each : listeners) {
            each.close().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
        assertThat(opened).noneMatch(Channel::isOpen);
        logger.detachAppender(log);
        logger.setLevel(null);
    }

    @Test
    void anAddressThatGoesAwayIsLeftAndListenedOnAtOnceWhenItIsBack() throws Exception {
        open(Forwards.tcp().listen("192.168.1.10", 8000));
        Channel first = opened.get(0);

        computer.change(VPN);
        Await.until(() -> status() instanceof ListenerStatus.Failed);
        Await.until(() -> !first.isOpen());
        assertThat(status())
                .isEqualTo(new ListenerStatus.Failed(
                        "192.168.1.10:8000", "no network adapter has this address now; listens again when one has"));

        long back = System.nanoTime();
        computer.change(VPN, WIFI);
        Await.until(() -> status() instanceof ListenerStatus.Listening);
        assertThat(Duration.ofNanos(System.nanoTime() - back)).isLessThan(Duration.ofMillis(900));
        assertThat(asked).containsExactly(WIFI, WIFI);
        assertThat(lines())
                .containsExactly(
                        "WARN forward \"x\" no longer listens on tcp 192.168.1.10:8000: no network adapter has this"
                                + " address now; listens again when one has",
                        "INFO forward \"x\" now listens on tcp 192.168.1.10:8000");
    }

    @Test
    void adaptersThatAreNotItsOwnDoNotConcernIt() throws Exception {
        open(Forwards.tcp().listen("192.168.1.10", 8000));

        computer.change(WIFI, VPN);
        computer.change(WIFI);
        settle();

        assertThat(opened).singleElement().matches(Channel::isOpen);
    }

    @Test
    void afterASleepOfTheComputerItIsOpenedAnewThoughTheAddressIsThere() throws Exception {
        open(Forwards.tcp().listen("192.168.1.10", 8000));

        computer.sleep(Duration.ofHours(8));

        Await.until(() -> opened.size() == 2 && status() instanceof ListenerStatus.Listening);
        assertThat(opened.get(0).isOpen()).isFalse();
        assertThat(lines()).isEmpty();
    }

    @Test
    void loopbackAndWildcardsOutliveEverySleepAndEveryAdapter() throws Exception {
        for (String where : List.of("127.0.0.1", "0.0.0.0", "::1", "*")) {
            open(Forwards.tcp().listen(where, 8000));
            Channel only = opened.get(opened.size() - 1);

            computer.sleep(Duration.ofHours(8));
            computer.change();
            computer.change(WIFI);
            settle();

            assertThat(only.isOpen()).as(where).isTrue();
        }
    }

    @Test
    void anAddressThatIsNotThereYetIsListenedOnAtOnceWhenItComes() throws Exception {
        computer.change(VPN);
        refusing = true;
        open(Forwards.tcp().listen("192.168.1.10", 8000));
        assertThat(status())
                .isEqualTo(new ListenerStatus.Failed("192.168.1.10:8000", "no network adapter has this address now"));
        refusing = false;

        computer.change(VPN, WIFI);

        Await.until(() -> status() instanceof ListenerStatus.Listening);
    }

    @Test
    void anAddressThatGoesAndComesWhileItsSocketIsClosedIsNotMissed() throws Exception {
        open(Forwards.tcp().listen("192.168.1.10", 8000));

        for (int i = 0; i < 50; i++) {
            computer.change();
            computer.change(WIFI);
        }

        Await.until(() -> status() instanceof ListenerStatus.Listening);
        settle();
        assertThat(opened).filteredOn(Channel::isOpen).hasSize(1);
    }

    @Test
    void aNameIsLookedUpAgainWhenItsAddressHasGone() throws Exception {
        computer.change(WIFI, VPN);
        open(Forwards.tcp().listenName("192.168.1.10", 8000)); // A literal is the one name that needs no resolver.
        assertThat(asked).containsExactly(WIFI);
        refusing = true;

        computer.change(VPN);
        Await.until(() -> status() instanceof ListenerStatus.Failed);
        refusing = false;
        computer.change(VPN, WIFI);

        Await.until(() -> status() instanceof ListenerStatus.Listening);
        assertThat(asked).containsOnly(WIFI).hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void whatListensForWslWaitsForItsAdapterAndFollowsIt() throws Exception {
        open(Forwards.tcp().listen("wsl", 5432));
        assertThat(status()).isEqualTo(new ListenerStatus.NotOpen("wsl:5432", "WSL has not been started"));

        computer.change(WIFI, ip("172.30.96.1"), ip("172.20.16.1"));
        fixture.hostAdapter().adapterIs("172.30.96.1");
        Await.until(() -> status() instanceof ListenerStatus.Listening);
        fixture.hostAdapter().adapterIs("172.20.16.1");
        Await.until(() -> opened.size() == 2 && status() instanceof ListenerStatus.Listening);
        fixture.hostAdapter().adapterIsGone("WSL was shut down");
        Await.until(() -> status().equals(new ListenerStatus.NotOpen("wsl:5432", "WSL was shut down")));

        Await.until(() -> opened.stream().noneMatch(Channel::isOpen));
        assertThat(asked).containsExactly(ip("172.30.96.1"), ip("172.20.16.1"));
        assertThat(lines())
                .containsExactly(
                        "INFO forward \"x\" does not listen on tcp wsl:5432: WSL has not been started",
                        "INFO forward \"x\" listens for WSL on tcp 127.0.0.1:" + port(0),
                        "INFO forward \"x\" listens for WSL on tcp 127.0.0.1:" + port(1),
                        "INFO forward \"x\" does not listen on tcp wsl:5432: WSL was shut down");
    }

    @Test
    void aPortThatIsTakenOnEveryAdapterOfWslIsSaidForEach() throws Exception {
        open(Forwards.tcp().listen("wsl", 5432));
        refusing = true;
        for (int i = 0; i < 2; i++) {
            fixture.hostAdapter().adapterIs("172.30.96.1");
            Await.until(() -> status() instanceof ListenerStatus.Failed);
            fixture.hostAdapter().adapterIsGone("WSL was shut down");
            Await.until(() -> status() instanceof ListenerStatus.NotOpen);
        }

        assertThat(lines())
                .map(line -> line.substring(0, line.indexOf(" on tcp")))
                .containsExactly(
                        "INFO forward \"x\" does not listen",
                        "WARN forward \"x\" cannot listen",
                        "INFO forward \"x\" does not listen",
                        "WARN forward \"x\" cannot listen",
                        "INFO forward \"x\" does not listen");
    }

    @Test
    void anAdapterThatComesAndGoesQuicklyNeverOpensIt() throws Exception {
        open(Forwards.tcp().listen("wsl", 5432));
        for (int i = 0; i < 50; i++) {
            fixture.hostAdapter().adapterIs("172.30.96.1");
            fixture.hostAdapter().adapterIsGone("it went away");
        }
        settle();

        Await.until(() -> opened.stream().noneMatch(Channel::isOpen));
        assertThat(asked).allMatch(ip("172.30.96.1")::equals);
        assertThat(status()).isEqualTo(new ListenerStatus.NotOpen("wsl:5432", "it went away"));
    }

    @Test
    void aSocketThatIsLostAgainAndAgainIsOpenedMoreAndMoreSeldomAndSaidOnce() throws Exception {
        open(Forwards.tcp().listen("192.168.1.10", 8000));
        long began = System.nanoTime();
        for (int i = 0; i < 3; i++) {
            int count = i + 1;
            Await.until(() -> opened.size() == count && status() instanceof ListenerStatus.Listening);
            opened.get(i).close();
        }

        Await.until(() -> status() instanceof ListenerStatus.Failed);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(2900));
        assertThat(lines())
                .containsExactly(
                        "WARN forward \"x\" cannot listen on tcp 192.168.1.10:8000: the socket was closed by the"
                                + " system; trying again",
                        "INFO forward \"x\" now listens on tcp 192.168.1.10:8000");
    }

    @Test
    void oneThatFailsUnexpectedlyIsSaidAndOpenedLater() throws Exception {
        onBind = () -> {
            throw new IllegalStateException("planted");
        };

        open(Forwards.tcp().listen("192.168.1.10", 8000));

        assertThat(status()).isInstanceOf(ListenerStatus.Failed.class);
        Await.until(() -> status() instanceof ListenerStatus.Listening);
        Await.until(() -> lines().size() > 1); // it is said after that
        assertThat(lines().get(0))
                .startsWith("WARN forward \"x\" cannot listen on tcp 192.168.1.10:8000: unexpected:"
                        + " java.lang.IllegalStateException: planted (at ListenerTest.java:");
        assertThat(lines().get(1)).isEqualTo("INFO forward \"x\" now listens on tcp 192.168.1.10:8000");
    }

    @Test
    void anErrorWhileItIsOpenedIsNotKeptSecret() throws Exception {
        onBind = () -> {
            throw new OutOfMemoryError("unable to create native thread");
        };
        Forward forward = Forwards.tcp().listen("192.168.1.10", 8000).toWsl(80).named("x");
        Listener listener = new Listener(
                fixture.contextWith(computer.asLocal()),
                Protocol.TCP,
                new ListenerConfig(forward, PortMapping.of(forward).get(0), target),
                this::bind);

        listener.open();

        assertThat(escalations.next()).hasMessage("unable to create native thread");
    }

    @Test
    void thatWhoHoldsThePortCannotBeToldHindersNothing() throws Exception {
        fixture.portsAreHeldBy((protocol, port) -> {
            throw new IllegalStateException("planted");
        });
        refusing = true;

        open(Forwards.tcp().listen("192.168.1.10", 8000));

        Await.until(() -> lines().size() == 2);
        assertThat(lines().get(1)).contains("who holds the port cannot be told", "planted");
        refusing = false;
        Await.until(() -> status() instanceof ListenerStatus.Listening);
    }

    /** Otherwise one range of ports would take all, and no client could be accepted and no edited file read. */
    @Test
    void whereNoDescriptorIsLeftForListenersItIsSaidAndTriedAgain() throws Exception {
        fixture.context().limits().listeners().limit(0);

        open(Forwards.tcp().listen("192.168.1.10", 8000));

        assertThat(status()).isInstanceOfSatisfying(ListenerStatus.Failed.class, failed -> assertThat(failed.error())
                .contains("descriptors", "ulimit -n"));
        assertThat(asked).isEmpty();
        fixture.context().limits().listeners().limit(1);
        Await.until(() -> status() instanceof ListenerStatus.Listening);
        listeners.get(0).close().toCompletableFuture().get(10, TimeUnit.SECONDS);
        Await.until(() -> fixture.context().limits().listeners().used() == 0);
    }

    private void open(Forwards forwards) throws Exception {
        Forward forward = forwards.toWsl(80).named("x");
        RelayContext context = fixture.contextWith(computer.asLocal());
        ListenerConfig config =
                new ListenerConfig(forward, PortMapping.of(forward).get(0), target);
        Listener listener = new Listener(context, Protocol.TCP, config, this::bind);
        listeners.add(listener);
        context.onChange(target, () -> listener.take(config));
        listener.open().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** That of the one that was opened last. */
    private ListenerStatus status() {
        return listeners.get(listeners.size() - 1).status();
    }

    private ChannelFuture bind(EventLoop loop, InetSocketAddress local, Supplier<ListenerConfig> config) {
        asked.add(local.getAddress());
        Runnable planted = onBind;
        if (planted != null) {
            onBind = null;
            planted.run();
        }
        return new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInboundHandlerAdapter())
                .bind(refusing ? NOBODYS : ip("127.0.0.1"), 0)
                .addListener((ChannelFuture bound) -> {
                    if (bound.isSuccess()) {
                        opened.add(bound.channel());
                    }
                });
    }

    /** Whatever was caused so far has taken effect when this returns: each event is one or two turns of the loop. */
    private void settle() throws Exception {
        for (int i = 0; i < 3; i++) {
            for (EventLoop loop : fixture.context().loops().all()) {
                loop.schedule(() -> {}, 1, TimeUnit.MILLISECONDS).get(10, TimeUnit.SECONDS);
            }
        }
    }

    private int port(int index) {
        return ((InetSocketAddress) opened.get(index).localAddress()).getPort();
    }

    private List<String> lines() {
        return log.list.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }
}
