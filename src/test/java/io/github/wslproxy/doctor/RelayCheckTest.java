package io.github.wslproxy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.doctor.Finding.FindingState;
import io.github.wslproxy.doctor.SocketDialer.DialResult;
import io.github.wslproxy.doctor.SocketDialer.DialResult.Then;
import io.github.wslproxy.relay.RefusalCode;
import io.github.wslproxy.status.Snapshot.LastProblem;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelayCheckTest {
    private final FakeEnvironment computer = new FakeEnvironment();

    @Test
    void theRelayIsTriedAtTheLanAddressWhereWslsOwnRelayDoesNotListen() throws Exception {
        computer.examine(Optional.empty());

        assertThat(computer.dialed)
                .containsExactly(
                        new InetSocketAddress(FakeEnvironment.VM, 5173),
                        new InetSocketAddress(FakeEnvironment.LAN, 5173));
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            STAYED_OPEN, true,  -,                  -,              OK
            SPOKE,       true,  -,                  -,              OK
            ENDED,       true,  -,                  -,              OK
            STAYED_OPEN, false, -,                  -,              NOT_KNOWN
            WAS_RESET,   false, -,                  -,              BROKEN
            WAS_RESET,   false, 192.168.1.20:50002, FORWARD_LIMIT,  BROKEN
            WAS_RESET,   false, 192.168.1.20:50002, CONNECT_FAILED, BROKEN
            WAS_RESET,   false, 192.168.1.20:50002, NOT_ALLOWED,    NOT_KNOWN
            WAS_RESET,   false, 192.168.1.20:50002, DENIED,         NOT_KNOWN
            WAS_RESET,   true,  -,                  -,              BROKEN
            STAYED_OPEN, true,  192.168.1.77:50002, FORWARD_LIMIT,  OK
            """)
    void theRelayIsJudgedByWhatTheProxyCounted(
            Then then, boolean counted, String client, RefusalCode code, FindingState state) throws Exception {
        computer.relay = new DialResult.Accepted(50002, Duration.ZERO, then);
        computer.proxy.relayCounts = counted;
        computer.proxy.lastProblem = Optional.ofNullable(client).map(who -> refused(who, code, ""));

        assertThat(computer.state(ChainLink.RELAY)).isEqualTo(state);
    }

    /** A probe would only repeat the configuration. */
    @Test
    void whereWslIsNotAskedTheServerIsToBeStarted() throws Exception {
        computer.relay = new DialResult.Accepted(50002, Duration.ZERO, Then.WAS_RESET);
        computer.proxy.relayCounts = false;
        computer.proxy.lastProblem = Optional.of(refused("192.168.1.20:50002", RefusalCode.CONNECT_FAILED, ""));
        assertThat(computer.finding(ChainLink.RELAY).cure()).startsWith("wslproxy probe");

        computer.config += "[wsl]\naddress = \"172.30.98.229\"\n";
        assertThat(computer.finding(ChainLink.RELAY).cure()).isEqualTo("start the server in WSL, or correct [wsl]");
    }

    @Test
    void aRefusalThatKnowsItsCureIsCuredByThat() throws Exception {
        computer.relay = new DialResult.Accepted(50002, Duration.ZERO, Then.WAS_RESET);
        computer.proxy.relayCounts = false;
        computer.proxy.lastProblem =
                Optional.of(refused("192.168.1.20:50002", RefusalCode.MEMORY, "raise it in jvm.options"));
        assertThat(computer.finding(ChainLink.RELAY).cure()).isEqualTo("raise it in jvm.options");
    }

    /** It would be counted as a client that was refused. */
    @Test
    void aRelayThatIsFullIsNotDialled() throws Exception {
        computer.config = "[[forward]]\nname = \"vite\"\nport = 5173\nmax_connections = 2\n";
        computer.proxy.open = 2;

        assertThat(computer.finding(ChainLink.RELAY))
                .isEqualTo(Finding.broken(
                        ChainLink.RELAY,
                        "the forward has all connections it may have: max_connections = 2",
                        "raise max_connections in proxy.toml"));
        assertThat(computer.dialed).containsExactly(new InetSocketAddress(FakeEnvironment.VM, 5173));
    }

    @Test
    void aProxyThatDoesNotAnswerAfterwardsIsNoCause() throws Exception {
        computer.proxy.statusEndsWithTheRelay = true;

        assertThat(computer.finding(ChainLink.RELAY))
                .isEqualTo(Finding.notKnown(
                        ChainLink.RELAY,
                        "a connection to 192.168.1.20:5173 was accepted, but wslproxy could not be asked by whom"));
    }

    @Test
    void aLimitThatRefusedSomebodyIsBroken() throws Exception {
        computer.proxy.problemBefore = Optional.of(refused("192.168.1.50:40000", RefusalCode.CLIENT_LIMIT, "raise it"));
        assertThat(computer.finding(ChainLink.LAST_PROBLEM))
                .isEqualTo(Finding.broken(ChainLink.LAST_PROBLEM, "refused 192.168.1.50:40000: why", "raise it"));
    }

    @Test
    void whoIsKeptOutByAListMayWellBeMeantToBe() throws Exception {
        computer.proxy.problemBefore = Optional.of(refused("192.168.1.50:40000", RefusalCode.DENIED, "take it out"));
        assertThat(computer.finding(ChainLink.LAST_PROBLEM))
                .isEqualTo(Finding.info(ChainLink.LAST_PROBLEM, "refused 192.168.1.50:40000: why")
                        .noting("if it may come in: take it out"));
    }

    private static LastProblem refused(String client, RefusalCode code, String cure) {
        return new LastProblem(Instant.EPOCH, client, "why", Optional.of(code), "", cure, Optional.empty());
    }
}
