package io.github.wslproxy.doctor;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wslproxy.doctor.SocketDialer.DialResult;
import io.github.wslproxy.doctor.JavaCheck.JavaFacts;
import io.github.wslproxy.doctor.Doctor.NoSuchForwardException;
import io.github.wslproxy.status.SampleForward;
import io.github.wslproxy.status.StatusSamples;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.target.WslSettings;
import io.github.wslproxy.doctor.SocketDialer.DialResult.Then;
import io.github.wslproxy.doctor.Finding.FindingState;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.relay.Refusal.Code;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.status.Snapshot.LastProblem;
import io.github.wslproxy.status.StatusAnswer;
import io.github.wslproxy.windows.PortOwners.HeldPort;
import io.github.wslproxy.windows.firewall.FirewallState;
import io.github.wslproxy.windows.firewall.NetworkCategory;
import io.github.wslproxy.windows.firewall.Rules;
import io.github.wslproxy.windows.task.Account;
import io.github.wslproxy.windows.task.Autostart;
import io.github.wslproxy.wsl.GuestScan;
import io.github.wslproxy.wsl.ProbeFailure;
import io.github.wslproxy.wsl.ProbeReport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DoctorTest {
    private final FakeEnvironment computer = new FakeEnvironment();

    @Test
    void theLinksComeInTheOrderOfTheChain() throws Exception {
        assertThat(computer.examine(Optional.empty()).findings())
                .extracting(Finding::link)
                .isSorted();
    }

    @Test
    void everyBrokenLinkHasACure() throws Exception {
        computer.proxyJava = Optional.of(new Snapshot.Java("17.0.12", true, true));
        computer.account = new Account("NT\\SYSTEM", Optional.of("S-1-5-18"), Optional.empty(), Optional.empty());
        computer.targetRefuses();
        computer.guest = FakeEnvironment.servers("127.0.0.1");
        computer.category = NetworkCategory.PUBLIC;

        List<Finding> broken = computer.examine(Optional.empty()).findings().stream()
                .filter(Finding::isBroken)
                .toList();

        assertThat(broken)
                .extracting(Finding::link)
                .containsExactly(
                        ChainLink.EXCLUSIVE_BIND,
                        ChainLink.ACCOUNT,
                        ChainLink.TARGET,
                        ChainLink.SERVER,
                        ChainLink.NETWORK_PROFILE);
        assertThat(broken).extracting(Finding::cure).allMatch(cure -> !cure.isBlank());
    }

    @Test
    void whatIsNotAnsweredInTimeIsNotKnownAndTheWalkIsBounded() throws Exception {
        computer.everythingHangs = true;
        long began = System.nanoTime();

        List<Finding> findings =
                computer.examine(Optional.empty(), Duration.ofMillis(500)).findings();

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
        assertThat(findings)
                .filteredOn(finding -> finding.state() == FindingState.OK)
                .extracting(Finding::link)
                .containsExactly(ChainLink.CONFIGURATION, ChainLink.LAN);
        assertThat(findings)
                .filteredOn(finding -> finding.state() == FindingState.NOT_KNOWN)
                .extracting(Finding::link)
                .contains(
                        ChainLink.ACCOUNT,
                        ChainLink.RUNNING,
                        ChainLink.LOGON_TASK,
                        ChainLink.WSL,
                        ChainLink.FIREWALL_RULE,
                        ChainLink.VPN);
    }

    @Test
    void aForwardIsLookedAtByItsName() throws Exception {
        computer.config += "[[forward]]\nname = \"game\"\nprotocol = \"udp\"\nport = 27015\n";

        assertThat(computer.examine(Optional.of("game")).findings())
                .extracting(Finding::forward)
                .containsOnly("", "game");
        assertThatThrownBy(() -> computer.examine(Optional.of("gaem")))
                .isInstanceOf(NoSuchForwardException.class)
                .hasMessage("no forward is called \"gaem\" (expected one of: vite, game)");
    }

    @Test
    void aConfigurationThatIsNotThereIsToBeWritten() throws Exception {
        computer.config = "[wsl]\n";
        Finding nothingToForward =
                computer.examine(Optional.empty()).firstBroken().orElseThrow();

        assertThat(nothingToForward.link()).isEqualTo(ChainLink.CONFIGURATION);
        Diagnosis absent =
                Doctor.ofThisComputer().examine(java.nio.file.Path.of("nowhere", "proxy.toml"), Optional.empty());
        assertThat(absent.firstBroken().orElseThrow().cure()).startsWith("wslproxy init --config ");
    }

    @Test
    void aMissingKeepAliveIsNoBreak() throws Exception {
        computer.proxyJava = Optional.of(new Snapshot.Java("17.0.9", false, false));

        assertThat(state(ChainLink.KEEP_ALIVE)).isEqualTo(FindingState.INFO);
    }

    @Test
    void theJavaIsThatOfTheProxyAndNotTheDoctors() throws Exception {
        computer.java = new JavaFacts(21, "21.0.1", "C:\\other");
        assertThat(seen(ChainLink.JAVA)).isEqualTo("wslproxy runs on Java 17.0.12");

        computer.proxyJava = Optional.empty();
        assertThat(state(ChainLink.JAVA)).isEqualTo(FindingState.INFO);
        assertThat(state(ChainLink.EXCLUSIVE_BIND)).isEqualTo(FindingState.NOT_KNOWN);
        assertThat(state(ChainLink.KEEP_ALIVE)).isEqualTo(FindingState.NOT_KNOWN);

        computer.java = new JavaFacts(11, "11.0.2", "C:\\jdk");
        assertThat(state(ChainLink.JAVA)).isEqualTo(FindingState.BROKEN);
    }

    @ParameterizedTest
    @CsvSource({
        "TASK, true, wslproxy start",
        "DISABLED_TASK, true, wslproxy start",
        "RUN_KEY, true, wslproxy start",
        "TASK, false, wslproxy --config proxy.toml",
        "NONE, true, wslproxy --config proxy.toml"
    })
    void aProxyThatDoesNotRunIsStartedWithThisConfiguration(
            Autostart.AutostartState state, boolean installed, String start) throws Exception {
        computer.status = Optional.of(new StatusAnswer.Nobody());
        computer.autostart = state;
        computer.installed = installed;

        assertThat(finding(ChainLink.RUNNING).cure()).isEqualTo(start);
    }

    @ParameterizedTest
    @CsvSource({"S-1-5-18,,,BROKEN", "S-1-5-21-7,false,true,BROKEN", "S-1-5-21-7,true,false,INFO", ",,,NOT_KNOWN"})
    void theAccountIsJudged(String sid, Boolean elevated, Boolean sessionZero, FindingState state) throws Exception {
        computer.account = new Account(
                "u", Optional.ofNullable(sid), Optional.ofNullable(elevated), Optional.ofNullable(sessionZero));

        assertThat(state(ChainLink.ACCOUNT)).isEqualTo(state);
    }

    @ParameterizedTest
    @EnumSource
    void theLogonTaskIsInformation(Autostart.AutostartState state) throws Exception {
        computer.autostart = state;

        assertThat(state(ChainLink.LOGON_TASK))
                .isEqualTo(state == Autostart.AutostartState.NOT_KNOWN ? FindingState.NOT_KNOWN : FindingState.INFO);
    }

    @Test
    void onAnotherSystemWhatMattersOnWindowsIsSkipped() throws Exception {
        computer.windows = false;
        computer.firewallTells = false;

        assertThat(state(ChainLink.EXCLUSIVE_BIND)).isEqualTo(FindingState.SKIPPED);
        assertThat(state(ChainLink.ACCOUNT)).isEqualTo(FindingState.SKIPPED);
        assertThat(state(ChainLink.LOGON_TASK)).isEqualTo(FindingState.SKIPPED);
        assertThat(seen(ChainLink.FIREWALL_RULE)).isEqualTo("only the firewall of Windows is read");
    }

    @Test
    void aProxyWithAnotherConfigurationIsSeen() throws Exception {
        computer.status = Optional.of(new StatusAnswer.Running(
                StatusSamples.withProcess(StatusSamples.of(), 7, Optional.empty(), Duration.ofSeconds(3)), ""));

        assertThat(finding(ChainLink.RUNNING))
                .isEqualTo(Finding.broken(
                                ChainLink.RUNNING,
                                "wslproxy 0.1.0, pid 7 runs with another configuration: \"vite\" is not in it, or not as"
                                        + " the file has it now",
                                "wslproxy start")
                        .noting("two at once need a listen of their own in [status]; otherwise end pid 7"));
        assertThat(state(ChainLink.LISTENING)).isEqualTo(FindingState.SKIPPED);

        computer.pid = Optional.of(4711L);
        assertThat(state(ChainLink.RUNNING)).isEqualTo(FindingState.NOT_KNOWN);
        assertThat(seen(ChainLink.RUNNING))
                .startsWith("wslproxy, pid 4711; the status address is that of another one, pid 7");
    }

    @Test
    void aForwardForWslNeedsNoLanAndWslIsLookedAt() throws Exception {
        computer.config = "[[forward]]\nname = \"vite\"\nlisten = \"wsl:5432\"\ntarget = \"127.0.0.1:5433\"\n";

        assertThat(finding(ChainLink.LAN).state()).isEqualTo(FindingState.INFO);
        assertThat(seen(ChainLink.LAN)).isEqualTo("it listens for WSL only, as its listen says");
        assertThat(state(ChainLink.VM)).isEqualTo(FindingState.OK);
    }

    @Test
    void withoutAStatusAddressNothingIsKnownOfTheProxy() throws Exception {
        computer.config += "[status]\nlisten = \"off\"\n";

        assertThat(state(ChainLink.RUNNING)).isEqualTo(FindingState.NOT_KNOWN);
        assertThat(state(ChainLink.LISTENING)).isEqualTo(FindingState.SKIPPED);

        computer.pid = Optional.of(4711L);
        assertThat(finding(ChainLink.RUNNING))
                .isEqualTo(Finding.ok(
                        ChainLink.RUNNING, "wslproxy, pid 4711; [status] listen is off, so it tells no more"));
    }

    @Test
    void aFixedAddressIsTakenWithoutAsking() throws Exception {
        computer.config = "[wsl]\naddress = \"172.30.98.229\"\n" + computer.config;
        computer.probe = ProbeReport.learned(new TargetState.Down("nobody may ask"));

        assertThat(state(ChainLink.WSL)).isEqualTo(FindingState.SKIPPED);
        assertThat(seen(ChainLink.ADDRESS)).isEqualTo("172.30.98.229: fixed by [wsl] address");
        assertThat(seen(ChainLink.SERVER)).isEqualTo("with [wsl] address there is no way to look inside the VM");
    }

    @ParameterizedTest
    @CsvSource({
        "NOT_INSTALLED,WSL",
        "WRONG_ACCOUNT,WSL",
        "TIMED_OUT,WSL",
        "FAILED,WSL",
        "DISTRIBUTION_NOT_FOUND,DISTRIBUTION",
        "NO_DISTRIBUTION,DISTRIBUTION",
        "STARTING,WSL",
        "NOT_THE_VM,ADDRESS",
        "NO_ADDRESS,ADDRESS"
    })
    void eachFailureOfTheProbeBreaksItsLink(ProbeFailure.Kind kind, ChainLink link) throws Exception {
        computer.probe =
                ProbeReport.failed(new ProbeFailure(kind, "what was seen", "what was seen", Optional.of("what to do")));

        Finding broken = computer.examine(Optional.empty()).firstBroken().orElseThrow();

        assertThat(broken.link()).isEqualTo(link);
        assertThat(broken.seen()).contains("what was seen");
        assertThat(broken.cure()).isEqualTo("what to do");
        assertThat(state(ChainLink.TARGET)).isEqualTo(FindingState.SKIPPED);
    }

    @Test
    void aDistributionThatDoesNotExistIsToldFromOneThatSleeps() throws Exception {
        computer.config = "[wsl]\ncommand = [\"stand-in\"]\n" + computer.config;
        computer.probe = ProbeReport.learned(new TargetState.Down("Ubunut is not running"));
        computer.distributions = Optional.empty();
        assertThat(state(ChainLink.DISTRIBUTION)).isEqualTo(FindingState.NOT_KNOWN);

        computer.distributions = Optional.of(List.of("Debian"));
        assertThat(state(ChainLink.DISTRIBUTION)).isEqualTo(FindingState.OK);
        assertThat(state(ChainLink.VM)).isEqualTo(FindingState.BROKEN);
    }

    @Test
    void aProxyThatSendsElsewhereIsSeen() throws Exception {
        computer.proxySendsTo = "172.30.0.9";

        assertThat(seen(ChainLink.ADDRESS)).contains("172.30.98.229").contains("172.30.0.9");
        assertThat(state(ChainLink.ADDRESS)).isEqualTo(FindingState.BROKEN);
    }

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
    void theRelayIsJudgedByWhatTheProxyCounted(Then then, boolean counted, String client, Code code, FindingState state)
            throws Exception {
        computer.relay = new DialResult.Accepted(50002, Duration.ZERO, then);
        computer.relayCounts = counted;
        computer.lastProblem = Optional.ofNullable(client).map(who -> refused(who, code, ""));

        assertThat(state(ChainLink.RELAY)).isEqualTo(state);
    }

    @Test
    void aRefusalThatKnowsItsCureIsCuredByThat() throws Exception {
        computer.relay = new DialResult.Accepted(50002, Duration.ZERO, Then.WAS_RESET);
        computer.relayCounts = false;
        computer.lastProblem = Optional.of(refused("192.168.1.20:50002", Code.MEMORY, "raise it in jvm.options"));
        assertThat(finding(ChainLink.RELAY).cure()).isEqualTo("raise it in jvm.options");
    }

    /** It would be counted as a client that was refused. */
    @Test
    void aRelayThatIsFullIsNotDialled() throws Exception {
        computer.config = "[[forward]]\nname = \"vite\"\nport = 5173\nmax_connections = 2\n";
        computer.open = 2;

        assertThat(finding(ChainLink.RELAY))
                .isEqualTo(Finding.broken(
                        ChainLink.RELAY,
                        "the forward has all connections it may have: max_connections = 2",
                        "raise max_connections in proxy.toml"));
        assertThat(computer.dialed).containsExactly(new InetSocketAddress(FakeEnvironment.VM, 5173));
    }

    private static LastProblem refused(String client, Code code, String cure) {
        return new LastProblem(Instant.EPOCH, client, "why", Optional.of(code), "", cure, Optional.empty());
    }

    @Test
    void aProxyThatDoesNotAnswerAfterwardsIsNoCause() throws Exception {
        computer.statusEndsWithTheRelay = true;

        assertThat(finding(ChainLink.RELAY))
                .isEqualTo(Finding.notKnown(
                        ChainLink.RELAY,
                        "a connection to 192.168.1.20:5173 was accepted, but wslproxy could not be asked by whom"));
    }

    @Test
    void aTargetThatIsSilentIsToldFromOneThatRefuses() throws Exception {
        computer.guest = new GuestScan.Unreadable("x");
        computer.targetRefuses();
        assertThat(seen(ChainLink.TARGET)).isEqualTo("172.30.98.229:5173 refuses: nobody listens there");

        computer.target = new DialResult.TimedOut(Duration.ofSeconds(5));
        assertThat(seen(ChainLink.TARGET)).isEqualTo("172.30.98.229:5173 does not answer within 5000 ms");
        assertThat(finding(ChainLink.TARGET).cure()).isEqualTo("sudo ufw status");
        assertThat(finding(ChainLink.TARGET).note()).contains("only if there is none: wsl --shutdown");

        computer.target = new DialResult.Impossible("there is no route to it");
        assertThat(seen(ChainLink.TARGET)).isEqualTo("172.30.98.229:5173 cannot be reached: there is no route to it");
    }

    @Test
    void ofARangeThePortsThatAcceptAreNamed() throws Exception {
        computer.config = "[[forward]]\nname = \"many\"\nlisten = \"0.0.0.0:8000-8100\"\n";

        assertThat(seen(ChainLink.TARGET))
                .isEqualTo("172.30.98.229:8000 accepts; of 8 ports that were tried, 8 do: 8000 8001 8002 8003 8004"
                        + " 8005 8006 8007");
    }

    @Test
    void aTargetByNameIsLookedUp() throws Exception {
        computer.config = "[[forward]]\nname = \"nas\"\nport = 8080\ntarget = \"nas.test:80\"\n";
        assertThat(state(ChainLink.TARGET)).isEqualTo(FindingState.BROKEN);

        computer.names.put("nas.test", ip("192.168.1.9"));
        assertThat(seen(ChainLink.TARGET)).isEqualTo("192.168.1.9:80 accepts");
        assertThat(state(ChainLink.WSL)).isEqualTo(FindingState.SKIPPED);
        assertThat(state(ChainLink.SERVER)).isEqualTo(FindingState.SKIPPED);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            0.0.0.0,             true,  OK
            172.30.98.229,       true,  OK
            172.17.0.1 0.0.0.0,  true,  OK
            127.0.0.1,           false, BROKEN
            172.17.0.1,          false, BROKEN
            '::',                false, BROKEN
            127.0.0.1,           true,  INFO
            """)
    void theServerInsideTheVmIsJudgedByWhereItListens(String addresses, boolean accepts, FindingState state)
            throws Exception {
        computer.guest = FakeEnvironment.servers(addresses);
        if (!accepts) {
            computer.targetRefuses();
        }

        assertThat(state(ChainLink.SERVER)).isEqualTo(state);
    }

    @Test
    void aServerThatIsNotThereAtAllIsToldFromOneOnLocalhost() throws Exception {
        computer.targetRefuses();
        computer.guest = new GuestScan.Seen("Ubuntu", "nat", List.of());

        assertThat(finding(ChainLink.TARGET).cure()).isEqualTo("start the server in WSL");
        assertThat(seen(ChainLink.SERVER)).isEqualTo("nobody listens on tcp 5173 in Ubuntu");
    }

    @Test
    void wslsOwnRelayIsOfferedOnlyWhereItLeadsToNoLoop() throws Exception {
        computer.targetRefuses();
        computer.guest = FakeEnvironment.servers("127.0.0.1");
        assertThat(finding(ChainLink.SERVER).note()).contains("0.0.0.0:15173");

        computer.config = "[[forward]]\nname = \"vite\"\nlisten = \"192.168.1.20:5173\"\n";
        assertThat(finding(ChainLink.SERVER).note()).endsWith("target = \"localhost:5173\" in the forward");

        computer.guest = new GuestScan.Seen(
                "Ubuntu", "bridged", ((GuestScan.Seen) FakeEnvironment.servers("127.0.0.1")).sockets());
        assertThat(finding(ChainLink.SERVER).note()).isEmpty();
    }

    @Test
    void aUdpForwardIsNotSaidToWork() throws Exception {
        computer.config = "[[forward]]\nname = \"game\"\nprotocol = \"udp\"\nport = 27015\n";

        assertThat(state(ChainLink.RELAY)).isEqualTo(FindingState.NOT_KNOWN);
        assertThat(state(ChainLink.TARGET)).isEqualTo(FindingState.NOT_KNOWN);
        assertThat(computer.dialed).isEmpty();
    }

    @Test
    void aNetworkThatIsPublicAndOpenIsFine() throws Exception {
        computer.category = NetworkCategory.PUBLIC;
        computer.rules.add(FakeEnvironment.rule(
                "open", false, Set.of(NetworkCategory.PUBLIC), Optional.of(FakeEnvironment.JAVAW), false));

        assertThat(state(ChainLink.NETWORK_PROFILE)).isEqualTo(FindingState.OK);
        assertThat(state(ChainLink.FIREWALL_RULE)).isEqualTo(FindingState.OK);
    }

    @Test
    void aRuleForSomeOfTheLanIsNotSaidToLetItIn() throws Exception {
        computer.rules.clear();
        computer.rules.add(FakeEnvironment.of(FakeEnvironment.allow("one"), "10.9.9.9"));

        assertThat(finding(ChainLink.FIREWALL_RULE))
                .isEqualTo(Finding.notKnown(
                                ChainLink.FIREWALL_RULE,
                                "the rule one does not let in all clients that the forward allows: TCP+UDP every port"
                                        + " from 10.9.9.9; rules of other programs are not read")
                        .noting("to let them in: wslproxy firewall --apply --config proxy.toml"));
    }

    @Test
    void aRuleForTheClientsThatTheForwardAllowsIsEnough() throws Exception {
        computer.config = "[[forward]]\nname = \"vite\"\nport = 5173\nallow = [\"10.9.9.9\"]\n";
        computer.rules.clear();
        computer.rules.add(FakeEnvironment.of(FakeEnvironment.allow("one"), "10.9.9.9"));

        assertThat(state(ChainLink.FIREWALL_RULE)).isEqualTo(FindingState.OK);
    }

    @Test
    void aRuleThatBlocksOneClientIsNotToBeDeleted() throws Exception {
        computer.rules.add(FakeEnvironment.of(FakeEnvironment.block("one"), "192.168.1.66"));

        assertThat(state(ChainLink.FIREWALL_RULE)).isEqualTo(FindingState.NOT_KNOWN);
        assertThat(seen(ChainLink.FIREWALL_RULE))
                .isEqualTo("the rule one blocks some clients: TCP+UDP every port from 192.168.1.66");
        assertThat(computer.examine(Optional.empty()).firstBroken()).isEmpty();
    }

    @Test
    void aSecondNetworkThatIsPublicIsNotSaidToBeOpen() throws Exception {
        computer.addressesAreTold = false;
        computer.moreNetworks =
                List.of(new FirewallState.Network("Ethernet 2", "Unidentified", NetworkCategory.PUBLIC, List.of()));

        assertThat(state(ChainLink.NETWORK_PROFILE)).isEqualTo(FindingState.NOT_KNOWN);
        assertThat(state(ChainLink.FIREWALL_RULE)).isEqualTo(FindingState.OK);

        computer.addressesAreTold = true;
        assertThat(finding(ChainLink.NETWORK_PROFILE))
                .isEqualTo(Finding.ok(ChainLink.NETWORK_PROFILE, "Wi-Fi is Private"));
        assertThat(state(ChainLink.FIREWALL_RULE)).isEqualTo(FindingState.OK);
    }

    @Test
    void aRangeIsJudgedToItsEnd() throws Exception {
        computer.config = "[[forward]]\nname = \"many\"\nlisten = \"0.0.0.0:10000-19999\"\n";
        computer.rules.add(FakeEnvironment.on(19_998, FakeEnvironment.block("late")));

        assertThat(finding(ChainLink.FIREWALL_RULE).cure()).isEqualTo("Remove-NetFirewallRule -Name 'late'");
    }

    /** A rule of another program may let clients in. */
    @Test
    void withoutARuleOfOursItIsNotKnownWhetherClientsAreLetIn() throws Exception {
        computer.rules.clear();

        assertThat(finding(ChainLink.FIREWALL_RULE))
                .isEqualTo(Finding.notKnown(
                                ChainLink.FIREWALL_RULE,
                                "no rule of wslproxy or for its Java lets clients of the LAN in; rules of other programs"
                                        + " are not read")
                        .noting("to let them in: wslproxy firewall --apply --config proxy.toml"));
        assertThat(state(ChainLink.FIREWALL_POLICY)).isEqualTo(FindingState.OK);

        computer.localRulesCount = false;
        assertThat(state(ChainLink.FIREWALL_POLICY)).isEqualTo(FindingState.NOT_KNOWN);
    }

    @Test
    void aPublicNetworkIsNotSaidToBeTheFaultWhereAPrivateOneWouldNotHelp() throws Exception {
        computer.category = NetworkCategory.PUBLIC;
        assertThat(state(ChainLink.NETWORK_PROFILE)).isEqualTo(FindingState.BROKEN);

        computer.rules.clear();
        assertThat(state(ChainLink.NETWORK_PROFILE)).isEqualTo(FindingState.NOT_KNOWN);
        assertThat(finding(ChainLink.NETWORK_PROFILE).note())
                .contains("Set-NetConnectionProfile -InterfaceAlias 'Wi-Fi'");
    }

    @Test
    void aQuestionThatWasAnsweredWithYesLetsItsJavaIn() throws Exception {
        computer.rules.clear();
        computer.rules.add(FakeEnvironment.rule(
                "TCP Query User", false, Set.of(NetworkCategory.PRIVATE), Optional.of(FakeEnvironment.JAVAW), false));
        assertThat(state(ChainLink.FIREWALL_RULE)).isEqualTo(FindingState.OK);

        computer.rules.clear();
        computer.rules.add(FakeEnvironment.rule(
                "other", false, Set.of(NetworkCategory.PRIVATE), Optional.of("C:\\other\\javaw.exe"), false));
        assertThat(state(ChainLink.FIREWALL_RULE)).isEqualTo(FindingState.NOT_KNOWN);
    }

    @Test
    void aRuleForOneProtocolIsNotEnoughForBoth() throws Exception {
        computer.config = "[[forward]]\nname = \"dns\"\nprotocol = \"tcp+udp\"\nport = 5353\n";
        computer.rules.clear();
        computer.rules.addAll(new Rules()
                .local("wslproxy-tcp", "Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=5353|EmbedCtxt=wslproxy|")
                .state()
                .rules());

        assertThat(state(ChainLink.FIREWALL_RULE)).isEqualTo(FindingState.NOT_KNOWN);
    }

    @Test
    void aFirewallThatIsOffLetsEverybodyIn() throws Exception {
        computer.rules.clear();
        computer.firewallIsOn = false;

        assertThat(finding(ChainLink.FIREWALL_RULE))
                .isEqualTo(Finding.ok(ChainLink.FIREWALL_RULE, "the firewall is off for Private networks"));
    }

    @Test
    void aPolicyThatIgnoresLocalRulesIsNamed() throws Exception {
        computer.localRulesCount = false;

        Finding broken = computer.examine(Optional.empty()).firstBroken().orElseThrow();
        assertThat(broken.link()).isEqualTo(ChainLink.FIREWALL_POLICY);
        assertThat(broken.cure()).isEqualTo("ask your administrator for an inbound rule for " + FakeEnvironment.JAVAW);
    }

    @Test
    void aFirewallThatBlocksEverythingIsNamed() throws Exception {
        computer.allowRulesCount = false;

        assertThat(finding(ChainLink.FIREWALL_POLICY).cure())
                .isEqualTo("Set-NetFirewallProfile -Name Private -AllowInboundRules True");
    }

    @Test
    void aBlockRuleOfAPolicyIsForTheAdministrator() throws Exception {
        computer.rules.add(FakeEnvironment.rule("corp", true, Set.of(NetworkCategory.PRIVATE), Optional.empty(), true));

        assertThat(finding(ChainLink.FIREWALL_RULE).cure())
                .isEqualTo("ask your administrator: the rule comes from a policy");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            port = 5173                                              | OK     | OK
            port = 5173\\nallow = ["192.168.1.0/24"]                  | OK     | OK
            port = 5173\\nallow = ["192.168.1.50"]                    | INFO   | INFO
            port = 5173\\nallow = ["loopback"]                        | INFO   | BROKEN
            port = 5173\\ndeny = ["192.168.0.0/16"]                   | INFO   | BROKEN
            listen = "127.0.0.1:5173"                                | INFO   | BROKEN
            listen = ["127.0.0.1:5173", "[::1]:5173"]                | INFO   | BROKEN
            listen = ["127.0.0.1:5173", "192.168.1.20:5173"]         | OK     | OK
            """)
    void whatTheForwardLetsTheLanDoIsBrokenOnlyWhereTheLanIsMeant(String keys, FindingState ofAll, FindingState named)
            throws Exception {
        computer.config = "[[forward]]\nname = \"vite\"\n" + keys.replace("\\n", "\n") + "\n";

        assertThat(state(ChainLink.LAN)).isEqualTo(ofAll);
        assertThat(computer.examine(Optional.of("vite")).findings())
                .filteredOn(finding -> finding.link() == ChainLink.LAN)
                .extracting(Finding::state)
                .containsExactly(named);
    }

    @ParameterizedTest
    @CsvSource({
        "Tailscale Tunnel,INFO",
        "WireGuard Tunnel,INFO",
        "TAP-Windows Adapter V9,INFO",
        "Cisco AnyConnect Virtual Miniport Adapter,INFO",
        "tun0,INFO",
        "wg0,INFO",
        "Contoso VPN,INFO",
        "Intel(R) Wi-Fi 6 AX201 160MHz,OK",
        "Realtek PCIe GbE Family Controller,OK",
        "tunnelbear-free,OK",
        "eth0,OK"
    })
    void aVpnIsKnownByItsAdapterAndBreaksNothing(String adapter, FindingState state) throws Exception {
        computer.adapters = List.of(adapter);

        assertThat(state(ChainLink.VPN)).isEqualTo(state);
    }

    /** As the relay does: a server for development often listens on ::1 alone. */
    @Test
    void ofATargetNameEveryAddressIsTried() throws Exception {
        computer.config = "[[forward]]\nname = \"web\"\nport = 8080\ntarget = \"localhost:3000\"\n";
        computer.names.put("localhost", ip("127.0.0.1"));
        computer.secondAddresses.put("localhost", ip("::1"));
        computer.at.put(ip("127.0.0.1"), new DialResult.Refused());
        assertThat(finding(ChainLink.TARGET)).isEqualTo(Finding.ok(ChainLink.TARGET, "[::1]:3000 accepts"));

        computer.at.put(ip("::1"), new DialResult.Refused());
        assertThat(seen(ChainLink.TARGET))
                .isEqualTo("127.0.0.1:3000 refuses: nobody listens there; [::1]:3000 refuses: nobody listens there");
    }

    @Test
    void whatStartsAtLogonIsThisConfiguration() throws Exception {
        computer.autostart = Autostart.AutostartState.NONE;

        assertThat(seen(ChainLink.LOGON_TASK))
                .isEqualTo("wslproxy does not start at logon: wslproxy install --config proxy.toml");
    }

    @Test
    void adaptersThatCannotBeListedAreNoSignOfNoVpn() throws Exception {
        computer.adapters = List.of();

        assertThat(state(ChainLink.VPN)).isEqualTo(FindingState.NOT_KNOWN);
    }

    @Test
    void aTargetNameThatDoesNotResolveIsTheBrokenLink() throws Exception {
        computer.config += "target = \"nosuch.invalid:80\"";

        assertThat(finding(ChainLink.TARGET))
                .isEqualTo(Finding.broken(
                        ChainLink.TARGET,
                        "the name nosuch.invalid does not resolve",
                        "correct the name in target, or add it to the hosts file"));
    }

    @Test
    void aListenNameThatNobodyKnowsIsNoPortThatSomebodyHolds() throws Exception {
        computer.config = computer.config.replace("port = 5173", "listen = \"nosuch.invalid:5173\"");
        computer.listening = Snapshot.ForwardState.FAILED;
        computer.owner = Optional.of(new HeldPort("somebody holds it", "end it"));

        assertThat(finding(ChainLink.LISTENING))
                .isEqualTo(Finding.broken(
                        ChainLink.LISTENING,
                        "nosuch.invalid:5173: the name nosuch.invalid is not known",
                        "correct the name in listen, or add it to the hosts file"));
    }

    @Test
    void anAddressWhoseAdapterIsAwayIsNoNameToCorrect() throws Exception {
        computer.config = computer.config.replace("port = 5173", "listen = \"[fe80::1%nowhere0]:5173\"");
        computer.listening = Snapshot.ForwardState.FAILED;

        assertThat(finding(ChainLink.LISTENING).seen())
                .isEqualTo("[fe80::1%nowhere0]:5173: the adapter of [fe80::1%nowhere0] is not there");
        assertThat(finding(ChainLink.LISTENING).cure()).isEqualTo("ipconfig");
    }

    @Test
    void aForwardThatIsSwitchedOffIsSaidToBe() {
        computer.config += """

                [[forward]]
                name = "off"
                port = 9999
                enabled = false
                """;

        assertThatThrownBy(() -> computer.examine(Optional.of("off")))
                .isInstanceOf(NoSuchForwardException.class)
                .hasMessage("\"off\" is switched off by enabled = false, so nothing listens for it");
    }

    @Test
    void anAddressThatNoAdapterHasIsNoPortThatSomebodyHolds() throws Exception {
        computer.config = computer.config.replace("port = 5173", "listen = \"192.168.9.9:5173\"");
        computer.listening = Snapshot.ForwardState.FAILED;
        computer.absent = List.of(ip("192.168.9.9"));

        assertThat(finding(ChainLink.LISTENING).seen())
                .isEqualTo("192.168.9.9:5173: no network adapter has the address 192.168.9.9 now");
        assertThat(finding(ChainLink.LISTENING).cure()).isEqualTo("ipconfig");
    }

    @Test
    void aLimitThatRefusedSomebodyIsBroken() throws Exception {
        computer.problemBefore = Optional.of(refused("192.168.1.50:40000", Code.CLIENT_LIMIT, "raise it"));
        assertThat(finding(ChainLink.LAST_PROBLEM))
                .isEqualTo(Finding.broken(ChainLink.LAST_PROBLEM, "refused 192.168.1.50:40000: why", "raise it"));
    }

    @Test
    void whoIsKeptOutByAListMayWellBeMeantToBe() throws Exception {
        computer.problemBefore = Optional.of(refused("192.168.1.50:40000", Code.DENIED, "take it out"));
        assertThat(finding(ChainLink.LAST_PROBLEM))
                .isEqualTo(Finding.info(ChainLink.LAST_PROBLEM, "refused 192.168.1.50:40000: why")
                        .noting("if it may come in: take it out"));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            REFUSE, new clients are refused until it is back; wslproxy never wakes it
            HOLD,   new clients wait up to 30s for it; wslproxy never wakes it
            WAKE,   a new client wakes it: new clients wait up to 30s for it
            """)
    void whileTheVmIsStoppedItIsSaidWhatClientsGet(WslSettings.OnStopped onStopped, String what) throws Exception {
        computer.probe = ProbeReport.learned(new TargetState.Down("no distribution is running"));
        computer.onStopped = onStopped;

        assertThat(finding(ChainLink.VM).note()).isEqualTo("it sleeps again when nothing of yours runs in it; " + what);
    }

    @ParameterizedTest
    @CsvSource({"auto-5174, AUTO", "share-5174, SHARE"})
    void whatRunsBesideTheFileCanBeAskedForByItsName(String name, Snapshot.Origin origin) throws Exception {
        computer.beside = List.of(beside(name, origin));

        Diagnosis diagnosis = computer.examine(Optional.of(name));

        assertThat(diagnosis.findings())
                .contains(Finding.ok(ChainLink.LISTENING, "*:5174").of(name));
        assertThat(diagnosis.findings())
                .contains(Finding.ok(ChainLink.TARGET, "172.30.98.229:5174 accepts")
                        .of(name));
        assertThatThrownBy(() -> computer.examine(Optional.of("nobody")))
                .hasMessageContaining("expected one of: vite, " + name);
    }

    @Test
    void aShareIsJudgedByItsOwnListOfClients() throws Exception {
        computer.beside = List.of(beside("share-5174", Snapshot.Origin.SHARE, "allow lets in nobody", "8.8.8.8/32"));

        assertThat(computer.examine(Optional.of("share-5174")).findings())
                .contains(Finding.broken(
                                ChainLink.LAN,
                                "it has no LAN URL: allow lets in nobody",
                                "share the port again, with another --allow")
                        .of("share-5174"));
    }

    private static Snapshot.ForwardView beside(String name, Snapshot.Origin origin) {
        return beside(name, origin, "", "");
    }

    private static Snapshot.ForwardView beside(
            String name, Snapshot.Origin origin, String whyNoUrl, String clientsAllowed) {
        return SampleForward.of(name, 5174)
                .origin(origin)
                .whyNoUrl(whyNoUrl)
                .clientsAllowed(clientsAllowed)
                .view();
    }

    @Test
    void inMirroredModeTheServerHasToListenWhereTheLanComes() throws Exception {
        computer.probe = ProbeReport.learned(
                new TargetState.OnLan("mirrored", IpLiteral.of("127.0.0.1"), "the networking mode says so"));
        computer.listening = Snapshot.ForwardState.WAITING;
        computer.listeningError = "*:5173: not needed";
        computer.targetRefuses();
        computer.guest = FakeEnvironment.servers("127.0.0.1");

        assertThat(finding(ChainLink.SERVER).cure()).isEqualTo("npx vite --host");
        assertThat(state(ChainLink.FIREWALL_RULE)).isEqualTo(FindingState.NOT_KNOWN);
        assertThat(state(ChainLink.LAN)).isEqualTo(FindingState.INFO);
    }

    private Finding finding(ChainLink link) throws Exception {
        Finding found = computer.examine(Optional.empty()).findings().stream()
                .filter(finding -> finding.link() == link)
                .findFirst()
                .orElseThrow();
        return new Finding(found.link(), "", found.state(), found.seen(), found.cure(), found.note());
    }

    private FindingState state(ChainLink link) throws Exception {
        return finding(link).state();
    }

    private String seen(ChainLink link) throws Exception {
        return finding(link).seen();
    }
}
