package io.github.wslproxy.windows.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.windows.firewall.Verdict.AllBlocked;
import io.github.wslproxy.windows.firewall.Verdict.Allowed;
import io.github.wslproxy.windows.firewall.Verdict.Blocked;
import io.github.wslproxy.windows.firewall.Verdict.FirewallOff;
import io.github.wslproxy.windows.firewall.Verdict.NoRule;
import io.github.wslproxy.windows.firewall.Verdict.NotKnown;
import io.github.wslproxy.windows.firewall.Verdict.SomeBlocked;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FirewallStateTest {
    private static final String JAVAW = "C:\\Java\\bin\\javaw.exe";
    private static final String TCP = "Active=TRUE|Dir=In|Protocol=6|";

    private final Rules rules = new Rules();

    private Verdict verdict(int port) {
        return rules.state().verdict(incoming(Protocol.TCP, port, Optional.of(JAVAW)));
    }

    private static Incoming incoming(Protocol protocol, int port, Optional<String> program) {
        return new Incoming(protocol, port, program, List.of(RemoteScope.LOCAL_SUBNET));
    }

    private static String ruleOf(Verdict verdict) {
        return verdict instanceof Allowed allowed
                ? "allowed by " + allowed.rule().id()
                : verdict instanceof Blocked blocked
                        ? "blocked by " + blocked.rule().id()
                        : verdict.toString();
    }

    @Test
    void withoutARuleNobodyIsLetIn() {
        rules.local("other", "Action=Allow|" + TCP + "LPort=81|");

        assertThat(verdict(80)).isEqualTo(new NoRule(Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LPort=80|",
                "",
                "LPort2_10=70-90|",
                "LPort=443|LPort=80|",
                "LPort=80|App=C:\\JAVA\\Bin\\JavaW.exe|",
                "App=C:\\Java\\bin\\javaw.exe|",
                "LPort=80|RA4=LocalSubnet|RA6=LocalSubnet|",
                "LPort=80|Profile=Private|Profile=Public|"
            })
    void aRuleForThePortOrTheProgramLetsIn(String fields) {
        rules.local("mine", "Action=Allow|" + TCP + fields);

        assertThat(ruleOf(verdict(80))).isEqualTo("allowed by mine");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LPort=8080|",
                "LPort2_10=81-90|",
                "LPort=80|App=C:\\Java\\bin\\java.exe|",
                "LPort=80|Profile=Public|",
                "LPort=80|RA42=IntErnet|",
                "LPort=80|RA4=203.0.113.0/24|",
                "LPort=80|RA4=DefaultGateway|"
            })
    void aRuleForSomethingElseDoesNot(String fields) {
        rules.local("mine", "Action=Allow|" + TCP + fields).network("Wi-Fi", "Home", "Private");

        assertThat(verdict(80)).isInstanceOf(NoRule.class);
    }

    @Test
    void aRuleForUdpIsNotOneForTcp() {
        rules.local("udp", "Action=Allow|Active=TRUE|Dir=In|Protocol=17|LPort=80|");

        assertThat(verdict(80)).isInstanceOf(NoRule.class);
        assertThat(ruleOf(rules.state().verdict(incoming(Protocol.UDP, 80, Optional.empty()))))
                .isEqualTo("allowed by udp");
    }

    @Test
    void withoutAProgramOnlyRulesForAllCount() {
        rules.local("program", "Action=Allow|" + TCP + "App=" + JAVAW + "|");

        assertThat(rules.state().verdict(incoming(Protocol.TCP, 80, Optional.empty())))
                .isInstanceOf(NoRule.class);
    }

    @Test
    void blockBeatsAllow() {
        rules.local("port", "Action=Allow|" + TCP + "LPort=80|Profile=Private|")
                .local("prompt", "Action=Block|" + TCP + "Profile=Private|App=" + JAVAW + "|")
                .local("program", "Action=Allow|" + TCP + "App=" + JAVAW + "|");

        assertThat(ruleOf(verdict(80))).isEqualTo("blocked by prompt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RA4=203.0.113.0/24|", "RA42=IntErnet|", "Profile=Public|", "App=C:\\other.exe|"})
    void aBlockOfOthersDoesNotBlock(String fields) {
        rules.local("port", "Action=Allow|" + TCP + "LPort=80|").local("block", "Action=Block|" + TCP + fields);

        assertThat(ruleOf(verdict(80))).isEqualTo("allowed by port");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RA4=10.0.0.0/8|RA4=172.16.0.0/12|RA4=192.168.0.0/16|RA4=169.254.0.0/16|",
                "RA4=0.0.0.0-255.255.255.255|",
                "RA4=LocalSubnet|"
            })
    void aBlockOfTheLanBlocks(String fields) {
        rules.local("port", "Action=Allow|" + TCP + "LPort=80|").local("block", "Action=Block|" + TCP + fields);

        assertThat(ruleOf(verdict(80))).isEqualTo("blocked by block");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RA4=192.168.7.66|", "RA4=192.168.0.0/255.255.0.0|", "RA6=fe80::/64|", "RA4=NewWord|"})
    void aBlockOfSomeOfTheLanLetsTheOthersIn(String fields) {
        rules.local("port", "Action=Allow|" + TCP + "LPort=80|").local("block", "Action=Block|" + TCP + fields);

        assertThat(verdict(80)).isInstanceOfSatisfying(SomeBlocked.class, some -> {
            assertThat(some.rule().id()).isEqualTo("block");
            assertThat(ruleOf(some.others())).isEqualTo("allowed by port");
        });
    }

    @Test
    void aBlockOfSomeChangesNothingWhereNobodyIsLetIn() {
        rules.local("block", "Action=Block|" + TCP + "RA4=192.168.7.66|");

        assertThat(verdict(80)).isEqualTo(new NoRule(Optional.empty()));
    }

    @Test
    void anAllowOfSomeIsNotKnown() {
        rules.local("one", "Action=Allow|" + TCP + "LPort=80|RA4=10.9.9.9|");

        assertThat(verdict(80)).isEqualTo(new NotKnown("the firewall rule one lets in some clients only (10.9.9.9)"));
    }

    @Test
    void severalThatTogetherLetAllInAreEnough() {
        rules.local("ten", "Action=Allow|" + TCP + "RA4=10.0.0.0/8|RA4=172.16.0.0/12|")
                .local("home", "Action=Allow|" + TCP + "RA4=192.168.0.0/16|RA4=169.254.0.0/16|");

        assertThat(verdict(80)).isInstanceOf(Allowed.class);
    }

    @Test
    void ofARangeThePortsDecideWhereARuleBeginsOrHasEnded() {
        rules.local("a", "Action=Allow|" + TCP + "LPort2_10=10005-10010|LPort=80|LPort=19999|")
                .local("u", "Action=Allow|Active=TRUE|Dir=In|Protocol=17|LPort=10007|");

        assertThat(rules.state().decisivePorts(Protocol.TCP, new PortRange(10_000, 19_999)))
                .containsExactly(10_000, 10_005, 10_011, 19_999);
    }

    @Test
    void ofSeveralThatAllowTheWidestIsNamed() {
        rules.local("one", "Action=Allow|" + TCP + "LPort=80|RA4=192.168.7.66|")
                .local("subnet", "Action=Allow|" + TCP + "LPort=80|RA4=LocalSubnet|");

        assertThat(ruleOf(verdict(80))).isEqualTo("allowed by subnet");
    }

    @Test
    void conditionsThatAreNotJudgedMakeItNotKnown() {
        rules.local("wifi", "Action=Allow|" + TCP + "LPort=80|Name=Wi-Fi only|IFType=Wireless|");

        assertThat(verdict(80))
                .isEqualTo(new NotKnown("the firewall rule \"Wi-Fi only\" (wifi) allows it under conditions that"
                        + " wslproxy does not judge (IFType)"));

        rules.local("any", "Action=Allow|" + TCP + "LPort=80|");
        assertThat(ruleOf(verdict(80))).isEqualTo("allowed by any");

        rules.local("users", "Action=Block|" + TCP + "LUAuth=O:LSD:|");
        assertThat(verdict(80)).isInstanceOf(NotKnown.class).asString().contains("users blocks it");
    }

    @Test
    void theProfilesOfTheNetworksCount() {
        rules.local("private", "Action=Allow|" + TCP + "LPort=80|Profile=Private|")
                .network("Wi-Fi", "Cafe", "Public");
        assertThat(verdict(80)).isInstanceOf(NoRule.class);

        rules.network("vEthernet (WSL)", "Unidentified network", "Private");
        assertThat(verdict(80)).isInstanceOf(NoRule.class);

        rules.network("Ethernet", "Home", "Private");
        assertThat(verdict(80)).isEqualTo(new NotKnown("clients are let in on Private networks, and on others not"));
        assertThat(rules.state().verdict(incoming(Protocol.TCP, 80, Optional.empty()), NetworkCategory.PRIVATE))
                .isInstanceOf(Allowed.class);
    }

    @Test
    void whatIsOffLetsEverybodyIn() {
        rules.profile(NetworkCategory.PRIVATE, "False Block True True");

        assertThat(verdict(80)).isEqualTo(new FirewallOff(NetworkCategory.PRIVATE));
    }

    @Test
    void whereTheDefaultIsToAllowOnlyABlockBlocks() {
        rules.profile(NetworkCategory.PRIVATE, "True Allow True True").local("b", "Action=Block|" + TCP + "LPort=81|");

        assertThat(verdict(80)).isEqualTo(new FirewallOff(NetworkCategory.PRIVATE));
        assertThat(ruleOf(verdict(81))).isEqualTo("blocked by b");
    }

    @Test
    void whereEverythingIsBlockedNoRuleHelps() {
        rules.profile(NetworkCategory.PRIVATE, "True Block False True").local("a", "Action=Allow|" + TCP);

        assertThat(verdict(80)).isEqualTo(new AllBlocked(NetworkCategory.PRIVATE));
    }

    @Test
    void aPolicyMayHaveRulesOfTheComputerIgnored() {
        rules.profile(NetworkCategory.PRIVATE, "True Block True False").local("a", "Action=Allow|" + TCP);

        assertThat(verdict(80)).isInstanceOfSatisfying(NoRule.class, none -> assertThat(
                        none.ignored().map(FirewallRule::id))
                .contains("a"));

        rules.policy("p", "Action=Allow|" + TCP + "LPort=80|");
        assertThat(ruleOf(verdict(80))).isEqualTo("allowed by p");
    }
}
