package io.github.wslproxy.relay;

import static io.github.wslproxy.testing.Forwards.block;
import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.Access.ListOrigin;
import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.LimitSettings;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.testing.Forwards;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionTest {
    private static final List<AddressBlock> LOOPBACK = List.of(block("127.0.0.0", 8), block("::1", 128));
    private static final List<AddressBlock> ANY = List.of(block("0.0.0.0", 0), block("::", 0));

    private static final PortMapping LAN = new PortMapping(new Host.Everywhere(), 80, 80);
    private static final PortMapping WSL = new PortMapping(new Host.Wsl(), 5432, 5432);

    private final FakeHostAdapter hostAdapter = new FakeHostAdapter();
    private final LocalAddresses ownAddresses =
            new LocalAddresses(() -> Set.of(ip("203.0.113.7"), ip("2001:db8::7")), System::nanoTime);

    private final AtomicLong filled = new AtomicLong();
    private final ReadBuffers memory = new ReadBuffers(filled::get, filled::get, 1000, 2);
    private final ProgramLimits totals = new ProgramLimits(new LimitSettings(10, 10, 10, 10), memory, () -> 0);

    @ParameterizedTest
    @ValueSource(strings = {"203.0.113.7", "2001:db8::7", "127.0.0.1", "::1"})
    void aProgramOfThisComputerCountsAsLoopbackWhicheverAddressItComesFrom(String own) {
        assertThat(admission(new Access(LOOPBACK, List.of()), 10, 10).enter(client(own), LAN))
                .isEmpty();
        assertThat(admission(new Access(ANY, LOOPBACK), 10, 10).enter(client(own), LAN))
                .hasValueSatisfying(reason -> assertThat(reason.code()).isEqualTo(RefusalCode.DENIED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"203.0.113.7", "127.0.0.1"})
    void thisComputerHasNoCapOfItsOwn(String own) {
        Admission one = admission(new Access(ANY, List.of()), 3, 1);
        for (int i = 0; i < 3; i++) {
            assertThat(one.enter(client(own), LAN)).isEmpty();
        }
        assertThat(one.enter(client(own), LAN)).isPresent();
    }

    @Test
    void privateLetsInIpv6NeighboursAndNoOtherPublicAddress() {
        Admission home = admission(new Access(Access.PRIVATE, List.of()), 10, 10);
        assertThat(home.enter(client("2001:db8::8"), LAN)).isEmpty();
        assertThat(home.enter(client("2001:db8:0:1::8"), LAN)).isPresent();
        assertThat(home.enter(client("203.0.113.8"), LAN)).isPresent();

        assertThat(admission(new Access(ANY, Access.PRIVATE), 10, 10).enter(client("2001:db8::8"), LAN))
                .isPresent();
        assertThat(admission(new Access(LOOPBACK, List.of()), 10, 10).enter(client("2001:db8::8"), LAN))
                .isPresent();
    }

    /** The sender of a datagram may be forged, and an own address is what a stranger would forge. */
    @ParameterizedTest
    @CsvSource({
        "2001:db8::7, 2001:db8::7, false",
        "2001:db8::7, fe80::1, false",
        "::1, ::1, true",
        "127.0.0.1, 127.0.0.1, true",
        "203.0.113.8, 203.0.113.7, false",
    })
    void anOwnAddressAsTheSenderOfADatagramCountsOnlyByLoopback(String sender, String listener, boolean own) {
        assertThat(ClientKey.ofDatagram(ip(sender), ip(listener), ownAddresses).own())
                .isEqualTo(own);
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "Linux drops what comes in with an own IPv4 address")
    void onLinuxAnOwnIpv4AddressAsTheSenderOfADatagramIsThisComputer() {
        assertThat(ClientKey.ofDatagram(ip("203.0.113.7"), ip("203.0.113.7"), ownAddresses)
                        .own())
                .isTrue();
    }

    @Test
    void aNeighbourDoesNot() {
        assertThat(admission(new Access(LOOPBACK, List.of()), 10, 10).enter(client("203.0.113.8"), LAN))
                .map(Refusal::code)
                .contains(RefusalCode.NOT_ALLOWED);
    }

    @Test
    void whoIsInBothListsIsDenied() {
        assertThat(admission(new Access(ANY, List.of(block("10.0.0.1", 32))), 10, 10)
                        .enter(client("10.0.0.1"), LAN))
                .map(Refusal::code)
                .contains(RefusalCode.DENIED);
    }

    @Test
    void whoIsNotAllowedIsToldWhichListOfWhichForwardToEditAndInWhichLine() {
        ListOrigin allow = new ListOrigin("[\"private\"]", "", "proxy.toml:3");
        ListOrigin deny = new ListOrigin("[\"10.0.0.7\"]", "[defaults]", "proxy.toml:9");
        Admission door = admission(
                new Access(List.of(block("10.0.0.0", 8)), List.of(block("10.0.0.7", 32)), allow, deny), 10, 10);

        Refusal outside = door.enter(client("8.8.8.8"), LAN).orElseThrow();
        assertThat(outside.text()).isEqualTo("8.8.8.8 is not in allow of \"web\" ([\"private\"], proxy.toml:3)");
        assertThat(outside.cure()).isEqualTo("add \"8.8.8.8\" to allow (proxy.toml:3)");
        Refusal denied = door.enter(client("10.0.0.7"), LAN).orElseThrow();
        assertThat(denied.text()).isEqualTo("10.0.0.7 is in deny of \"web\" ([defaults], proxy.toml:9)");
        assertThat(denied.cure()).isEqualTo("take 10.0.0.7, or the block that holds it, out of deny (proxy.toml:9)");
    }

    @Test
    void whereNobodyWroteAListTheForwardNeedsOne() {
        ListOrigin builtIn = new ListOrigin("[\"private\"]", "", "");
        Refusal outside = admission(new Access(LOOPBACK, List.of(), builtIn, ListOrigin.NONE), 10, 10)
                .enter(client("8.8.8.8"), LAN)
                .orElseThrow();
        assertThat(outside.text()).isEqualTo("8.8.8.8 is not in allow of \"web\" ([\"private\"])");
        assertThat(outside.cure()).isEqualTo("allow = [\"private\", \"8.8.8.8\"] in \"web\"");
    }

    @Test
    void aShareIsWidenedByWhoShares() {
        ListOrigin shared = new ListOrigin("[\"10.0.0.1\"]", "wslproxy share", "");
        Refusal outside = admission(new Access(LOOPBACK, List.of(), shared, ListOrigin.NONE), 10, 10)
                .enter(client("8.8.8.8"), LAN)
                .orElseThrow();
        assertThat(outside.text()).isEqualTo("8.8.8.8 is not in allow of \"web\" ([\"10.0.0.1\"], wslproxy share)");
        assertThat(outside.cure()).isEqualTo("share the port again with --allow");
    }

    @Test
    void aLimitIsNamedByItsKeySoThatNobodyNeedsToReadTheText() {
        totals.limit(new LimitSettings(2, 10, 10, 10));
        Admission one = admission(new Access(ANY, List.of()), 1, 1);
        one.enter(client("10.0.0.1"), LAN);
        assertRefused(one, "10.0.0.2", RefusalCode.FORWARD_LIMIT, "max_connections");

        Admission other = admission(new Access(ANY, List.of()), 5, 1);
        other.enter(client("10.0.0.1"), LAN);
        assertRefused(other, "10.0.0.1", RefusalCode.CLIENT_LIMIT, "max_connections_per_client");
        assertRefused(other, "10.0.0.2", RefusalCode.TOTAL_LIMIT, "max_connections");

        totals.limit(new LimitSettings(2, 10, 10, 1));
        other.enter(client("10.0.0.3"), LAN);
        assertRefused(other, "10.0.0.3", RefusalCode.CONNECTION_RATE, "max_connection_rate_per_client");
    }

    private void assertRefused(Admission door, String client, RefusalCode code, String limit) {
        Refusal refusal = door.enter(client(client), LAN).orElseThrow();
        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal.limit()).isEqualTo(limit);
    }

    @Test
    void whatListensForWslLetsInTheVmAndThisComputerOnly() {
        hostAdapter.vmIs("172.30.98.229");
        Admission any = admission(new Access(ANY, List.of()), 10, 10);

        assertThat(any.enter(client("172.30.98.229"), WSL)).isEmpty();
        assertThat(any.enter(client("203.0.113.7"), WSL)).isEmpty();
        assertThat(any.enter(client("172.30.98.230"), WSL))
                .hasValueSatisfying(reason -> assertThat(reason.code()).isEqualTo(RefusalCode.NOT_FROM_WSL));
        assertThat(any.enter(client("172.30.98.230"), LAN)).isEmpty();
    }

    @Test
    void theVmIsRefusedWhereItsAddressIsNotAllowed() {
        hostAdapter.vmIs("172.30.98.229");

        assertThat(admission(new Access(LOOPBACK, List.of()), 10, 10).enter(client("172.30.98.229"), WSL))
                .isPresent();
    }

    @Test
    void aCapIsNamedByItsKey() {
        Admission full = admission(new Access(ANY, List.of()), 1, 1);
        assertThat(full.enter(client("10.0.0.1"), LAN)).isEmpty();
        assertThat(full.enter(client("10.0.0.2"), LAN))
                .map(Refusal::text)
                .contains("limit reached: max_connections = 1 of \"web\"");

        Admission perClient = admission(new Access(ANY, List.of()), 10, 1);
        assertThat(perClient.enter(client("10.0.0.1"), LAN)).isEmpty();
        assertThat(perClient.enter(client("10.0.0.1"), LAN))
                .map(Refusal::text)
                .contains("limit reached: max_connections_per_client = 1 of \"web\"");
    }

    @Test
    void aClientThatLeavesMakesRoom() {
        Admission one = admission(new Access(ANY, List.of()), 1, 1);
        one.enter(client("10.0.0.1"), LAN);
        one.leave(client("10.0.0.1"));
        assertThat(one.enter(client("10.0.0.2"), LAN)).isEmpty();
    }

    @Test
    void aRefusalForAWholeIpv6NetworkNamesIt() {
        Admission perClient = admission(new Access(ANY, List.of()), 10, 1);
        assertThat(perClient.enter(client("2001:db8:0:5::1"), LAN)).isEmpty();
        assertThat(perClient.enter(client("2001:db8:0:5:aaaa::2"), LAN))
                .map(Refusal::text)
                .contains(
                        "limit reached: max_connections_per_client = 1 of \"web\" (2001:db8:0:5::/64 counts as one client)");
        assertThat(perClient.enter(client("2001:db8:0:6::1"), LAN)).isEmpty();
    }

    @Test
    void theCapOfTheProgramHoldsOverAllForwardsAndARefusalTakesNothing() {
        totals.limit(new LimitSettings(2, 10, 10, 0));
        Admission one = admission(new Access(ANY, List.of()), 10, 2);
        Admission other = admission(new Access(ANY, List.of()), 10, 2);
        assertThat(one.enter(client("10.0.0.1"), LAN)).isEmpty();
        assertThat(other.enter(client("10.0.0.1"), LAN)).isEmpty();
        for (int i = 0; i < 5; i++) {
            assertThat(other.enter(client("10.0.0.2"), LAN))
                    .map(Refusal::text)
                    .contains("limit reached: [limits] max_connections = 2");
        }
        assertThat(totals.statuses()).contains(new ProgramLimits.LimitStatus("connections", 2, 2, 5));

        one.leave(client("10.0.0.1"));

        assertThat(other.enter(client("10.0.0.2"), LAN)).isEmpty();
        other.leave(client("10.0.0.1"));
        other.leave(client("10.0.0.2"));
        assertThat(totals.statuses()).contains(new ProgramLimits.LimitStatus("connections", 0, 2, 5));
    }

    @Test
    void linksAndSessionsAreCappedApart() {
        totals.limit(new LimitSettings(1, 1, 1, 0));
        Access any = new Access(ANY, List.of());
        Forward game = Forwards.udp()
                .listen("*", 80)
                .toWsl(80)
                .access(ANY, List.of())
                .limits(10, 10)
                .named("game");
        Admission udp = new Admission(game, Protocol.UDP, hostAdapter, totals, null);
        assertThat(admission(any, 10, 10).enter(client("10.0.0.1"), LAN)).isEmpty();
        assertThat(udp.enter(client("10.0.0.1"), LAN)).isEmpty();
        assertThat(udp.enter(client("10.0.0.2"), LAN))
                .map(Refusal::text)
                .contains("limit reached: [limits] max_sessions = 1");
    }

    @Test
    void aFloodFromOneSourceIsRefusedAndOthersAreNot() {
        Admission door = admission(new Access(ANY, List.of()), 1000, 1000);
        totals.limit(new LimitSettings(1000, 10, 10, 10));
        for (int i = 0; i < 10; i++) {
            assertThat(door.enter(client("2001:db8:1::" + i), LAN)).isEmpty();
        }
        assertThat(door.enter(client("2001:db8:1::a"), LAN))
                .map(Refusal::text)
                .contains("limit reached: [limits] max_connection_rate_per_client = 10"
                        + " (2001:db8:1::/64 counts as one client)");
        assertThat(door.enter(client("10.0.0.1"), LAN)).isEmpty();
        for (int i = 0; i < 100; i++) {
            assertThat(door.enter(client("127.0.0.1"), LAN)).isEmpty();
        }
        assertThat(totals.statuses()).contains(new ProgramLimits.LimitStatus("rate", 2, 10, 1));
    }

    @Test
    void whoIsNotAllowedInLeavesNoTraceInTheRates() {
        Admission door = admission(new Access(LOOPBACK, List.of()), 1000, 1000);
        assertThat(door.enter(client("10.0.0.1"), LAN)).isPresent();
        assertThat(totals.statuses()).contains(new ProgramLimits.LimitStatus("rate", 0, 10, 0));
    }

    @Test
    void whenDirectMemoryRunsOutNobodyElseComesIn() {
        Admission door = admission(new Access(ANY, List.of()), 10, 10);
        filled.set(900);
        assertThat(door.enter(client("10.0.0.1"), LAN))
                .map(Refusal::text)
                .contains("limit reached: direct memory (-XX:MaxDirectMemorySize)");
        assertThat(totals.statuses())
                .contains(new ProgramLimits.LimitStatus("direct_memory", 900, 1000, 1))
                .contains(new ProgramLimits.LimitStatus("connections", 0, 10, 0));

        filled.set(700);
        assertThat(door.enter(client("10.0.0.1"), LAN)).isEmpty();
    }

    /** Otherwise a slot would stay taken for good when an adapter goes away under a client. */
    @Test
    void aClientLeavesAsWhatItCameIn() {
        FakeAddresses adapters = new FakeAddresses(ip("2001:db8::7"));
        Admission one = admission(new Access(ANY, List.of()), 10, 1);
        ClientKey guest = ClientKey.of(ip("2001:db8::7"), adapters.asLocal());
        assertThat(one.enter(guest, LAN)).isEmpty();
        adapters.change();
        one.leave(guest);
        adapters.change(ip("2001:db8::7"));

        assertThat(one.enter(ClientKey.of(ip("2001:db8::7"), adapters.asLocal()), LAN))
                .isEmpty();
    }

    private Admission admission(Access access, int cap, int capPerClient) {
        Forward web = Forwards.tcp()
                .listen("*", 80)
                .toWsl(80)
                .access(access)
                .limits(cap, capPerClient)
                .named("web");
        return new Admission(web, Protocol.TCP, hostAdapter, totals, null);
    }

    private ClientKey client(String address) {
        return ClientKey.of(ip(address), ownAddresses);
    }
}
