package io.github.wslproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.testing.FakeRunner;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.windows.firewall.FirewallOutput;
import io.github.wslproxy.windows.firewall.NetworkCategory;
import io.github.wslproxy.wsl.ProbeReport;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code --apply} runs, and what it says of it. */
class FirewallApplyTest extends FirewallCommandFixture {
    @Test
    void forwardsOfThisComputerNeedNothing() throws Exception {
        powerShell.thenPrints(home().output());

        assertThat(run("""
                [wsl]
                address = "172.30.98.229"
                [[forward]]
                listen = "127.0.0.1:80"
                target = "wsl:80"
                """, "--apply")).isZero();

        assertThat(printed())
                .isEqualTo("# No firewall rule is needed: the forwards of proxy.toml are for this computer only.\n");
    }

    @Test
    void afterAYesExactlyWhatWasShownIsRunAndLookedAt() throws Exception {
        answer = Optional.of(true);
        applying(home().local(PROMPT_ID, PROMPT), home().local("wslproxy-tcp", VITE_RULE));

        assertThat(run(VITE, "--apply")).isZero();

        List<String> ran = powerShell.ranSince();
        assertThat(ran).hasSize(3);
        List<String> shown = printed()
                .lines()
                .filter(line -> line.matches("[A-Z][a-z]+-Net.*"))
                .toList();
        assertThat(elevated(ran.get(1)).lines().filter(line -> line.matches("[A-Z][a-z]+-Net.*")))
                .containsExactlyElementsOf(shown)
                .hasSize(3);
        assertThat(questions).containsExactly("Run these commands as administrator?");
        assertThat(printed()).endsWith("the rule is there: vite: TCP 5173 from the local subnet on private networks\n");
        assertThat(complaint()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Protocol=6|Profile=Private|LPort=5173|",
                "Protocol=6|Profile=Private|LPort=5173|RA4=LocalSubnet|RA4=203.0.113.0/255.255.255.0|",
                "Protocol=6|Profile=Private|LPort2_10=5000-6000|RA4=LocalSubnet|",
                "Protocol=6|Profile=Private|LPort=5173|LPort=22|RA4=LocalSubnet|",
                "Protocol=6|Profile=Private|Profile=Public|LPort=5173|RA4=LocalSubnet|",
                "Profile=Private|RA4=LocalSubnet|"
            })
    void aRuleOfOursThatLetsInMoreIsMadeAnew(String rule) throws Exception {
        applying(home().local("wslproxy-tcp", OURS + rule), home().local("wslproxy-tcp", VITE_RULE));

        assertThat(run(VITE, "--apply", "--yes")).isZero();

        assertThat(printed()).contains("# REPLACED: the rule wslproxy-tcp lets in ");
        assertThat(elevated(powerShell.ranSince().get(1)))
                .contains("\nRemove-NetFirewallRule -Name 'wslproxy-tcp' -ErrorAction SilentlyContinue\n")
                .contains("\nNew-NetFirewallRule -Name 'wslproxy-tcp' ")
                .doesNotContain("-Group 'wslproxy' -ErrorAction");
    }

    @Test
    void aRuleThatStaysIsNotSaidToBeGone() throws Exception {
        FirewallOutput still =
                home().local("wslproxy-tcp", VITE_RULE).local("wslproxy-tcp-2", OURS + "Protocol=6|LPort=8080|");
        applying(still, still);

        assertThat(run(VITE, "--apply", "--yes")).isEqualTo(1);

        assertThat(complaint()).isEqualTo("wslproxy: still there: wslproxy-tcp-2");
    }

    @Test
    void aBlockOfOneClientDoesNotKeepTheRestFromBeingInForce() throws Exception {
        String one =
                "Action=Block|Active=TRUE|Dir=In|Protocol=6|RA4=192.168.1.66|App=C:\\Program Files\\Java\\bin\\java.exe"
                        + "|Name=the TV|";
        applying(
                home().local("{9}", one),
                home().local("wslproxy-tcp", VITE_RULE).local("{9}", one));

        assertThat(run(VITE, "--apply", "--yes")).isZero();

        assertThat(printed())
                .contains(
                        "# SOME BLOCKED: the rule \"the TV\" ({9}) blocks this Java, TCP every port from 192.168.1.66")
                .doesNotContain("Remove-NetFirewallRule -Name '{9}'");
    }

    /** One that fails would otherwise leave nobody let in who was before. */
    @Test
    void noRuleIsRemovedBeforeTheNewOnesAreMade() throws Exception {
        powerShell
                .thenPrints(home().local("wslproxy-tcp-7", OURS + "Protocol=6|LPort=5173|")
                        .local("wslproxy-tcp", OURS + "Protocol=6|LPort=80|")
                        .output())
                .thenPrints("ended 11");

        assertThat(run(VITE, "--apply", "--yes")).isEqualTo(1);

        assertThat(elevated(powerShell.ranSince().get(1)).lines().filter(line -> line.contains("-Name '")))
                .extracting(line -> line.replaceAll("(-Name '[^']+').*", "$1"))
                .containsExactly(
                        "Remove-NetFirewallRule -Name 'wslproxy-tcp'",
                        "New-NetFirewallRule -Name 'wslproxy-tcp'",
                        "Remove-NetFirewallRule -Name 'wslproxy-tcp-7'");
        assertThat(complaint()).contains("those after it were not");
    }

    @Test
    void withYesNobodyIsAsked() throws Exception {
        applying(home(), home().local("wslproxy-tcp", VITE_RULE));

        assertThat(run(VITE, "--apply", "--yes")).isZero();

        assertThat(questions).isEmpty();
    }

    @Test
    void afterANoNothingIsRun() throws Exception {
        answer = Optional.of(false);
        powerShell.thenPrints(home().output());

        assertThat(run(VITE, "--apply")).isEqualTo(1);

        assertThat(complaint()).isEqualTo("wslproxy: nothing was changed");
        assertThat(powerShell.ranSince()).hasSize(1);
    }

    @Test
    void withNobodyToAskNothingIsRun() throws Exception {
        powerShell.thenPrints(home().output());

        assertThat(run(VITE, "--apply")).isEqualTo(2);

        assertThat(complaint())
                .isEqualTo("wslproxy: --apply asks first and there is no console to ask on (expected: --yes too)");
        assertThat(powerShell.ranSince()).hasSize(1);
    }

    @Test
    void withoutThePermissionOfWindowsNothingWasChanged() throws Exception {
        powerShell.thenPrints(home().output()).thenPrints("refused 1223");

        assertThat(run(VITE, "--apply", "--yes")).isEqualTo(1);

        assertThat(complaint())
                .isEqualTo("wslproxy: nothing was changed: Windows was not given the permission it asked for");
    }

    @Test
    void aCommandThatFailedIsNamed() throws Exception {
        powerShell.thenPrints(home().output()).thenPrints("ended 11");

        assertThat(run(VITE, "--apply", "--yes")).isEqualTo(1);

        assertThat(complaint()).startsWith("wslproxy: this command failed: New-NetFirewallRule -Name 'wslproxy-tcp' ");
    }

    @Test
    void moreThanWindowsTakesIsLeftToTheUser() throws Exception {
        StringBuilder toml = new StringBuilder(VITE);
        for (int i = 1; i <= 120; i++) {
            toml.append("[[forward]]\nport = ")
                    .append(6000 + i)
                    .append("\nallow = [\"10.0.0.")
                    .append(i)
                    .append("\"]\n");
        }
        powerShell.thenPrints(home().output());

        assertThat(run(toml.toString(), "--apply", "--yes")).isEqualTo(1);

        assertThat(complaint()).startsWith("wslproxy: nothing was changed: these are more commands than Windows takes");
        assertThat(powerShell.ranSince()).hasSize(1);
    }

    @Test
    void whatIsNotThereAfterwardsIsSaid() throws Exception {
        applying(home(), home());

        assertThat(run(VITE, "--apply", "--yes")).isEqualTo(1);

        assertThat(complaint()).isEqualTo("wslproxy: not there: wslproxy-tcp");
        assertThat(printed()).doesNotContain("the rule is there: vite");
    }

    @Test
    void whatBlocksJavaAfterwardsIsSaid() throws Exception {
        applying(
                home(),
                home().local("wslproxy-tcp", VITE_RULE)
                        .local(
                                "{9}",
                                "Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=5173|Name=Block vite|App="
                                        + JAVA.paths().get(0) + "|"));

        assertThat(run(VITE, "--apply", "--yes")).isEqualTo(1);

        assertThat(complaint()).isEqualTo("wslproxy: a rule that blocks Java is still there");
        assertThat(printed()).contains("# BLOCKED: the rule \"Block vite\" ({9}) blocks this Java, TCP 5173");
    }

    @Test
    void rulesWithoutEffectOnSomeNetworksAreNoSuccess() throws Exception {
        String rule = VITE_RULE.replace("Profile=Private", "Profile=Private|Profile=Domain");
        applying(
                office(),
                office().local("wslproxy-tcp", rule).profile(NetworkCategory.DOMAIN, "True Block True False"));

        assertThat(run(VITE, "--apply", "--yes")).isEqualTo(1);

        assertThat(complaint()).isEqualTo("wslproxy: the rules have no effect on some of the networks they are for");
    }

    private static FirewallOutput office() {
        return home().network("Ethernet", "corp", "DomainAuthenticated");
    }

    /** As of Wine's stub: status 0, and nothing was done. */
    @Test
    void silenceIsNoSuccess() throws Exception {
        powerShell.alwaysThen(command -> FakeRunner.ended(0, ""));

        assertThat(run(VITE, "--apply", "--yes")).isEqualTo(1);

        assertThat(complaint())
                .isEqualTo("wslproxy: it is not known whether the commands were run, nor which rules there are now");
    }

    @Test
    void whatCannotBeReadAfterwardsIsNoSuccess() throws Exception {
        powerShell
                .thenPrints(home().output())
                .thenPrints("ended 0")
                .then(new CommandResult.TimedOut("", FakeRunner.TOOK));

        assertThat(run(VITE, "--apply", "--yes")).isEqualTo(1);

        assertThat(complaint())
                .isEqualTo("wslproxy: the commands were run, but which rules there are now could not be read");
    }

    @Test
    void rulesThatAPolicyIgnoresAreNotMade() throws Exception {
        powerShell.thenPrints(
                home().profile(NetworkCategory.PRIVATE, "True Block True False").output());

        assertThat(run(VITE, "--apply", "--yes")).isEqualTo(1);

        assertThat(complaint())
                .isEqualTo("wslproxy: nothing was changed: a policy of this computer would ignore these rules");
        assertThat(printed()).contains("# NO EFFECT: on private networks a policy ignores rules");
    }

    @Test
    void rulesOfTheHyperVFirewallAreNotSaidToBeInForce() throws Exception {
        wsl = ProbeReport.learned(
                new TargetState.OnLan("mirrored", Forwards.ip("127.0.0.1"), "its ports are on the LAN already"));
        String toml = "[wsl]\ncommand = [\"x\"]\n[[forward]]\nname = \"vite\"\nport = 5173\n";
        applying(home(), home());

        assertThat(run(toml, "--apply", "--yes")).isZero();

        assertThat(printed())
                .endsWith(
                        "made, not read back: vite: TCP 5173 from the local subnet on private networks, to WSL itself\n");
    }
}
