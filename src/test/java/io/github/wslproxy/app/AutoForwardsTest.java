package io.github.wslproxy.app;

import static io.github.wslproxy.testing.Forwards.block;
import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.app.AutoForwards.Decision;
import io.github.wslproxy.app.AutoForwards.Note;
import io.github.wslproxy.config.ForwardDefaults;
import io.github.wslproxy.config.Settings;
import io.github.wslproxy.config.Settings.AutoSettings;
import io.github.wslproxy.config.Settings.StatusSettings;
import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Limits;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.forward.ProxyProtocol;
import io.github.wslproxy.forward.Timeouts;
import io.github.wslproxy.target.WslSettings;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.wsl.GuestSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.event.Level;

class AutoForwardsTest {
    private static final InetAddress VM = ip("172.30.98.229");
    private static final Timeouts TIMEOUTS = new Timeouts(
            Duration.ofSeconds(1),
            Duration.ofMinutes(2),
            Duration.ofSeconds(3),
            Duration.ofMinutes(5),
            Duration.ofMinutes(4));
    private static final Limits LIMITS = new Limits(1, 2, 3, 4);
    private static final Access ACCESS = new Access(List.of(block("192.168.1.0", 24)), List.of());
    private static final GuestSocket VITE = tcp("0.0.0.0", 5173);

    private final AutoForwards ports = new AutoForwards(settings(Protocol.TCP));
    private long seconds = Long.MAX_VALUE / 1_000_000_000; // The clock may overflow; differences stay right.
    private List<Forward> others = List.of();

    @Test
    void aServerThatListensIsForwardedToTheSamePort() {
        Decision decision = look(VITE);

        Forward forward = decision.forwards().get(0);
        assertThat(decision.forwards()).hasSize(1);
        assertThat(forward.name()).isEqualTo("auto-5173");
        assertThat(forward.protocols()).containsExactly(Protocol.TCP);
        assertThat(forward.listens()).hasToString("[*:5173]");
        assertThat(forward.target()).hasToString("wsl:5173");
        assertThat(forward.access()).isEqualTo(ACCESS);
        assertThat(forward.timeouts()).isEqualTo(TIMEOUTS);
        assertThat(forward.limits()).isEqualTo(LIMITS);
        assertThat(decision.notes())
                .containsExactly(
                        new Note(Level.INFO, "WSL tcp port 5173: a server appeared, now forwarded as auto-5173"));
    }

    @Test
    void aServerThatGoesOnIsSaidOnceAndKeepsItsForward() {
        Decision first = look(VITE);
        Decision second = look(VITE);

        assertThat(second.forwards()).isEqualTo(first.forwards());
        assertThat(second.notes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, true",
        "::, true",
        "172.30.98.229, true",
        "172.17.0.1, false",
        "127.0.0.1, false",
        "127.0.0.53, false",
        "::1, false"
    })
    void whatIsReachedAtTheAddressOfTheVmIsForwarded(String address, boolean forwarded) {
        assertThat(look(tcp(address, 5173)).forwards()).hasSize(forwarded ? 1 : 0);
    }

    @Test
    void aServerOnBothIsForwarded() {
        Decision decision = look(tcp("127.0.0.1", 5173), VITE);

        assertThat(decision.forwards()).hasSize(1);
        assertThat(decision.notes()).hasSize(1);
    }

    @Test
    void portsThatNobodyNamedOrThatAreDeniedAreLeftAlone() {
        assertThat(names(look(tcp("0.0.0.0", 2999), tcp("0.0.0.0", 3000), tcp("0.0.0.0", 3306), udp(3001))))
                .containsExactly("auto-3000");
    }

    @Test
    void theProtocolsHavePortsOfTheirOwn() {
        ports.change(settings(Protocol.TCP, Protocol.UDP));

        assertThat(names(look(udp(5173), VITE, udp(3000))))
                .containsExactly("auto-3000-udp", "auto-5173", "auto-5173-udp");
    }

    @Test
    void aServerThatRestartsKeepsItsForward() {
        look(VITE);
        pass(5);
        assertThat(look().forwards()).hasSize(1);
        pass(4);
        assertThat(look().forwards()).hasSize(1);
        Decision back = look(VITE);

        assertThat(back.forwards()).hasSize(1);
        assertThat(back.notes()).isEmpty();
        pass(9);
        look();
        assertThat(look().forwards()).hasSize(1);
    }

    @Test
    void aServerThatHasEndedIsDroppedTenSecondsAfterItWasSeenLast() {
        look(VITE);
        pass(5);
        look();
        pass(5);
        Decision gone = look();

        assertThat(gone.forwards()).isEmpty();
        assertThat(gone.notes())
                .containsExactly(new Note(Level.INFO, "WSL tcp port 5173: no longer forwarded: its server has ended"));
    }

    /** Looks may be half a minute apart, and the one may have met a restart. */
    @Test
    void oneLookThatMissesItDropsNothing() {
        look(VITE);
        pass(30);
        assertThat(look().forwards()).hasSize(1);
        pass(30);
        assertThat(look().forwards()).isEmpty();
    }

    @Test
    void aServerOnLocalhostOnlyIsForwardedWhereBothTablesSaySo() {
        GuestSocket[] sockets = {
            tcp("127.0.0.1", 5173),
            tcp("::1", 3001),
            tcp("127.0.0.53", 3053),
            new GuestSocket(Protocol.UDP, ip("127.0.0.1"), 3002, false)
        };
        assertThat(names(look(sockets))).isEmpty();

        ports.change(withLocalhost(true, false));
        assertThat(names(look(sockets))).isEmpty();

        ports.change(withLocalhost(true, true));
        assertThat(names(look(sockets))).containsExactly("auto-3001", "auto-5173");
    }

    @Test
    void theOtherWayToMendAServerOnLocalhostIsSaidWhereThereIsOne() {
        ports.change(withLocalhost(false, true));

        assertThat(look(tcp("127.0.0.1", 5173)).notes()).singleElement().satisfies(note -> assertThat(note.text())
                .contains("or set localhost = true in [auto]"));
    }

    private static Settings withLocalhost(boolean auto, boolean wsl) {
        Settings plain = settings(Protocol.TCP, Protocol.UDP);
        AutoSettings ports = plain.auto().orElseThrow();
        WslSettings ways = plain.wsl();
        return new Settings(
                new WslSettings(
                        ways.distribution(),
                        ways.address(),
                        ways.command(),
                        ways.interval(),
                        ways.timeout(),
                        ways.onStopped(),
                        ways.hold(),
                        wsl),
                plain.limits(),
                plain.status(),
                plain.log(),
                plain.defaults(),
                Optional.of(new AutoSettings(
                        ports.ports(),
                        ports.protocols(),
                        ports.denied(),
                        ports.access(),
                        ports.timeouts(),
                        ports.limits(),
                        auto)),
                plain.forwards());
    }

    @Test
    void withoutALookNothingIsDropped() {
        look(VITE);
        pass(3600);

        assertThat(ports.decide(others).forwards()).hasSize(1);
    }

    @Test
    void aServerOnLocalhostOnlyIsSaidOnceWithHowToMendIt() {
        Decision first = look(tcp("127.0.0.1", 5173), tcp("::1", 5173), tcp("127.0.0.1", 9999));
        look();
        Decision again = look(tcp("127.0.0.1", 5173));

        assertThat(first.notes()).singleElement().satisfies(note -> {
            assertThat(note.level()).isEqualTo(Level.WARN);
            assertThat(note.text())
                    .contains("tcp port 5173")
                    .contains("localhost only")
                    .contains("--host 0.0.0.0");
        });
        assertThat(again.notes()).isEmpty();
    }

    @Test
    void onlySoManyServersOnLocalhostAreSaid() {
        GuestSocket[] many = IntStream.range(3000, 3100)
                .mapToObj(port -> tcp("127.0.0.1", port))
                .toArray(GuestSocket[]::new);

        assertThat(look(many).notes()).hasSize(64);
        assertThat(look(many).notes()).isEmpty();
    }

    @Test
    void aForwardThatSomebodyAskedForWins() {
        others = List.of(
                Forwards.tcp().listen("127.0.0.1", 5173).toWsl(80).named("mine"),
                Forwards.udp().listen("*", 3000).toWsl(3000).named("mine"));

        Decision decision = look(VITE, tcp("0.0.0.0", 3000), tcp("127.0.0.1", 5173));

        assertThat(names(decision)).containsExactly("auto-3000");
        assertThat(decision.notes()).hasSize(1);
    }

    @Test
    void aForwardThatSomebodyAsksForLaterTakesThePort() {
        look(VITE);
        others = List.of(Forwards.tcp().listen("*", 5173).toWsl(80).named("mine"));
        Decision taken = ports.decide(others);
        Decision given = ports.decide(List.of());

        assertThat(taken.forwards()).isEmpty();
        assertThat(taken.notes())
                .containsExactly(
                        new Note(Level.INFO, "WSL tcp port 5173: no longer forwarded: another forward has the port"));
        assertThat(names(given)).containsExactly("auto-5173");
    }

    @Test
    void thePortOfTheStatusPageIsNotForwarded() {
        assertThat(look(tcp("0.0.0.0", 3797)).forwards()).isEmpty();
    }

    @Test
    void otherSettingsCountAtOnce() {
        look(VITE, tcp("0.0.0.0", 3000));
        ports.change(settings(List.of(PortRange.of(3000)), Protocol.TCP));
        Decision fewer = ports.decide(others);
        ports.change(with(Optional.empty()));
        Decision none = ports.decide(others);

        assertThat(names(fewer)).containsExactly("auto-3000");
        assertThat(fewer.notes())
                .containsExactly(new Note(
                        Level.INFO, "WSL tcp port 5173: no longer forwarded: [auto] does not ask for it any more"));
        assertThat(none.forwards()).isEmpty();
    }

    @Test
    void noMoreThanSixtyFourAreForwardedAndThatIsSaidOnce() {
        List<GuestSocket> many = new ArrayList<>(IntStream.range(3100, 3164)
                .mapToObj(port -> tcp("0.0.0.0", port))
                .toList());
        Decision full = look(many.toArray(GuestSocket[]::new));
        IntStream.range(3000, 3050).forEach(port -> many.add(tcp("0.0.0.0", port)));
        Collections.reverse(many);
        Decision beyond = look(many.toArray(GuestSocket[]::new));

        assertThat(full.forwards()).hasSize(64);
        assertThat(full.notes()).hasSize(64).noneMatch(note -> note.level() == Level.WARN);
        assertThat(beyond.forwards()).isEqualTo(full.forwards());
        assertThat(beyond.notes())
                .containsExactly(new Note(
                        Level.WARN,
                        "114 servers in WSL listen on ports of [auto], and 64 are forwarded at most; name fewer ports, or"
                                + " give those you need a [[forward]]"));
        assertThat(look(many.toArray(GuestSocket[]::new)).notes()).isEmpty();
    }

    /** Else our own listener would be taken for the server once that has ended. */
    @Test
    void nothingIsForwardedWhereTheVmIsThisComputer() {
        ports.look(now(), Optional.of(ip("127.0.0.1")), List.of(VITE, tcp("127.0.0.1", 3000)));

        Decision decision = ports.decide(others);

        assertThat(decision.forwards()).isEmpty();
        assertThat(decision.notes()).isEmpty();
    }

    @Test
    void whereTheVmIsMayBeUnknown() {
        ports.look(now(), Optional.empty(), List.of(VITE, tcp("127.0.0.1", 3000)));

        assertThat(names(ports.decide(others))).containsExactly("auto-5173");
    }

    private Decision look(GuestSocket... sockets) {
        ports.look(now(), Optional.of(VM), List.of(sockets));
        return ports.decide(others);
    }

    private long now() {
        return seconds * 1_000_000_000;
    }

    private void pass(long more) {
        seconds += more;
    }

    private static List<String> names(Decision decision) {
        return decision.forwards().stream().map(Forward::name).toList();
    }

    private static GuestSocket tcp(String address, int port) {
        InetAddress where = ip(address);
        boolean dualStack = where instanceof Inet6Address && where.isAnyLocalAddress();
        return new GuestSocket(Protocol.TCP, where, port, dualStack);
    }

    private static GuestSocket udp(int port) {
        return new GuestSocket(Protocol.UDP, ip("0.0.0.0"), port, false);
    }

    private static Settings settings(Protocol... protocols) {
        return settings(List.of(new PortRange(3000, 3999), PortRange.of(5173)), protocols);
    }

    private static Settings settings(List<PortRange> ports, Protocol... protocols) {
        Set<Protocol> all = Set.copyOf(Stream.of(protocols).toList());
        return with(Optional.of(
                new AutoSettings(ports, all, List.of(PortRange.of(3306)), ACCESS, TIMEOUTS, LIMITS, false)));
    }

    private static Settings with(Optional<AutoSettings> auto) {
        Settings base = ReloadPlanTest.settings(List.of());
        return new Settings(
                base.wsl(),
                base.limits(),
                new StatusSettings(Optional.of(new InetSocketAddress(ip("127.0.0.1"), 3797))),
                base.log(),
                new ForwardDefaults(ACCESS, TIMEOUTS, LIMITS, ProxyProtocol.OFF),
                auto,
                List.of());
    }
}
