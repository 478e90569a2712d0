package io.github.wslproxy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.doctor.Finding.FindingState;
import io.github.wslproxy.windows.firewall.FirewallOutput;
import io.github.wslproxy.windows.firewall.FirewallState;
import io.github.wslproxy.windows.firewall.NetworkCategory;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FirewallCheckTest {
    private final FakeEnvironment computer = new FakeEnvironment();

    @Test
    void aNetworkThatIsPublicAndOpenIsFine() throws Exception {
        computer.firewall.category = NetworkCategory.PUBLIC;
        computer.firewall.rules.add(FakeFirewall.rule(
                "open", false, Set.of(NetworkCategory.PUBLIC), Optional.of(FakeEnvironment.JAVAW), false));

        assertThat(computer.state(ChainLink.NETWORK_PROFILE)).isEqualTo(FindingState.OK);
        assertThat(computer.state(ChainLink.FIREWALL_RULE)).isEqualTo(FindingState.OK);
    }

    @Test
    void aRuleForSomeOfTheLanIsNotSaidToLetItIn() throws Exception {
        computer.firewall.rules.clear();
        computer.firewall.rules.add(FakeFirewall.of(FakeFirewall.allow("one"), "10.9.9.9"));

        assertThat(computer.finding(ChainLink.FIREWALL_RULE))
                .isEqualTo(Finding.notKnown(
                                ChainLink.FIREWALL_RULE,
                                "the rule one does not let in all clients that the forward allows: TCP+UDP every port"
                                        + " from 10.9.9.9; rules of other programs are not read")
                        .noting("to let them in: wslproxy firewall --apply --config proxy.toml"));
    }

    @Test
    void aRuleForTheClientsThatTheForwardAllowsIsEnough() throws Exception {
        computer.config = "[[forward]]\nname = \"vite\"\nport = 5173\nallow = [\"10.9.9.9\"]\n";
        computer.firewall.rules.clear();
        computer.firewall.rules.add(FakeFirewall.of(FakeFirewall.allow("one"), "10.9.9.9"));

        assertThat(computer.state(ChainLink.FIREWALL_RULE)).isEqualTo(FindingState.OK);
    }

    @Test
    void aRuleThatBlocksOneClientIsNotToBeDeleted() throws Exception {
        computer.firewall.rules.add(FakeFirewall.of(FakeFirewall.block("one"), "192.168.1.66"));

        assertThat(computer.state(ChainLink.FIREWALL_RULE)).isEqualTo(FindingState.NOT_KNOWN);
        assertThat(computer.seen(ChainLink.FIREWALL_RULE))
                .isEqualTo("the rule one blocks some clients: TCP+UDP every port from 192.168.1.66");
        assertThat(computer.examine(Optional.empty()).firstBroken()).isEmpty();
    }

    @Test
    void aSecondNetworkThatIsPublicIsNotSaidToBeOpen() throws Exception {
        computer.firewall.addressesAreTold = false;
        computer.firewall.moreNetworks =
                List.of(new FirewallState.Network("Ethernet 2", "Unidentified", NetworkCategory.PUBLIC, List.of()));

        assertThat(computer.state(ChainLink.NETWORK_PROFILE)).isEqualTo(FindingState.NOT_KNOWN);
        assertThat(computer.state(ChainLink.FIREWALL_RULE)).isEqualTo(FindingState.OK);

        computer.firewall.addressesAreTold = true;
        assertThat(computer.finding(ChainLink.NETWORK_PROFILE))
                .isEqualTo(Finding.ok(ChainLink.NETWORK_PROFILE, "Wi-Fi is Private"));
        assertThat(computer.state(ChainLink.FIREWALL_RULE)).isEqualTo(FindingState.OK);
    }

    @Test
    void theSwitchesOfVirtualMachinesAreNoNetworkOfTheLan() throws Exception {
        computer.firewall.addressesAreTold = false;
        computer.firewall.moreNetworks = Stream.of(
                        "vEthernet (Commutateur par d\u00e9faut)", "VMware Network Adapter VMnet1")
                .map(adapter -> new FirewallState.Network(adapter, "Unidentified", NetworkCategory.PUBLIC, List.of()))
                .toList();

        assertThat(computer.finding(ChainLink.NETWORK_PROFILE))
                .isEqualTo(Finding.ok(ChainLink.NETWORK_PROFILE, "Wi-Fi is Private"));
    }

    @Test
    void aRangeIsJudgedToItsEnd() throws Exception {
        computer.config = "[[forward]]\nname = \"many\"\nlisten = \"0.0.0.0:10000-19999\"\n";
        computer.firewall.rules.add(FakeFirewall.on(19_998, FakeFirewall.block("late")));

        assertThat(computer.finding(ChainLink.FIREWALL_RULE).cure()).isEqualTo("Remove-NetFirewallRule -Name 'late'");
    }

    /** A rule of another program may let clients in. */
    @Test
    void withoutARuleOfOursItIsNotKnownWhetherClientsAreLetIn() throws Exception {
        computer.firewall.rules.clear();

        assertThat(computer.finding(ChainLink.FIREWALL_RULE))
                .isEqualTo(Finding.notKnown(
                                ChainLink.FIREWALL_RULE,
                                "no rule of wslproxy or for its Java lets clients of the LAN in; rules of other programs"
                                        + " are not read")
                        .noting("to let them in: wslproxy firewall --apply --config proxy.toml"));
        assertThat(computer.state(ChainLink.FIREWALL_POLICY)).isEqualTo(FindingState.OK);

        computer.firewall.localRulesCount = false;
        assertThat(computer.state(ChainLink.FIREWALL_POLICY)).isEqualTo(FindingState.NOT_KNOWN);
    }

    @Test
    void aPublicNetworkIsNotSaidToBeTheFaultWhereAPrivateOneWouldNotHelp() throws Exception {
        computer.firewall.category = NetworkCategory.PUBLIC;
        assertThat(computer.state(ChainLink.NETWORK_PROFILE)).isEqualTo(FindingState.BROKEN);

        computer.firewall.rules.clear();
        assertThat(computer.state(ChainLink.NETWORK_PROFILE)).isEqualTo(FindingState.NOT_KNOWN);
        assertThat(computer.finding(ChainLink.NETWORK_PROFILE).note())
                .contains("Set-NetConnectionProfile -InterfaceAlias 'Wi-Fi'");
    }

    @Test
    void aQuestionThatWasAnsweredWithYesLetsItsJavaIn() throws Exception {
        computer.firewall.rules.clear();
        computer.firewall.rules.add(FakeFirewall.rule(
                "TCP Query User", false, Set.of(NetworkCategory.PRIVATE), Optional.of(FakeEnvironment.JAVAW), false));
        assertThat(computer.state(ChainLink.FIREWALL_RULE)).isEqualTo(FindingState.OK);

        computer.firewall.rules.clear();
        computer.firewall.rules.add(FakeFirewall.rule(
                "other", false, Set.of(NetworkCategory.PRIVATE), Optional.of("C:\\other\\javaw.exe"), false));
        assertThat(computer.state(ChainLink.FIREWALL_RULE)).isEqualTo(FindingState.NOT_KNOWN);
    }

    @Test
    void aRuleForOneProtocolIsNotEnoughForBoth() throws Exception {
        computer.config = "[[forward]]\nname = \"dns\"\nprotocol = \"tcp+udp\"\nport = 5353\n";
        computer.firewall.rules.clear();
        computer.firewall.rules.addAll(new FirewallOutput()
                .local("wslproxy-tcp", "Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=5353|EmbedCtxt=wslproxy|")
                .state()
                .rules());

        assertThat(computer.state(ChainLink.FIREWALL_RULE)).isEqualTo(FindingState.NOT_KNOWN);
    }

    @Test
    void aFirewallThatIsOffLetsEverybodyIn() throws Exception {
        computer.firewall.rules.clear();
        computer.firewall.isOn = false;

        assertThat(computer.finding(ChainLink.FIREWALL_RULE))
                .isEqualTo(Finding.ok(ChainLink.FIREWALL_RULE, "the firewall is off for Private networks"));
    }

    @Test
    void aPolicyThatIgnoresLocalRulesIsNamed() throws Exception {
        computer.firewall.localRulesCount = false;

        Finding broken = computer.examine(Optional.empty()).firstBroken().orElseThrow();
        assertThat(broken.link()).isEqualTo(ChainLink.FIREWALL_POLICY);
        assertThat(broken.cure()).isEqualTo("ask your administrator for an inbound rule for " + FakeEnvironment.JAVAW);
    }

    @Test
    void aFirewallThatBlocksEverythingIsNamed() throws Exception {
        computer.firewall.allowRulesCount = false;

        assertThat(computer.finding(ChainLink.FIREWALL_POLICY).cure())
                .isEqualTo("Set-NetFirewallProfile -Profile Private -AllowInboundRules True");
    }

    @Test
    void aBlockRuleOfAPolicyIsForTheAdministrator() throws Exception {
        computer.firewall.rules.add(
                FakeFirewall.rule("corp", true, Set.of(NetworkCategory.PRIVATE), Optional.empty(), true));

        assertThat(computer.finding(ChainLink.FIREWALL_RULE).cure())
                .isEqualTo("ask your administrator: the rule comes from a policy");
    }
}
