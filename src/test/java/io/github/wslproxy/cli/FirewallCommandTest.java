package io.github.wslproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.windows.firewall.FirewallOutput;
import io.github.wslproxy.windows.firewall.JavaExecutables;
import io.github.wslproxy.windows.firewall.NetworkCategory;
import io.github.wslproxy.wsl.ProbeReport;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is printed. */
class FirewallCommandTest extends FirewallCommandFixture {
    @Test
    void everyKindOfForwardHasItsRule() throws Exception {
        powerShell.thenPrints(home().output());

        assertThat(run(ALL_KINDS)).isZero();

        assertThat(printed()).isEqualTo(golden("all-kinds.ps1"));
        assertThat(complaint()).isEmpty();
    }

    @Test
    void anOwnRuntimeIsOpenedByItsPath() throws Exception {
        String home = "C:\\Users\\J\u00f6rg M\u00fcller\\a & b\\Pat's [x]\\runtime\\bin\\";
        programs = new JavaExecutables(List.of(home + "java.exe", home + "javaw.exe"), true);
        String blocked = home.toLowerCase(Locale.ROOT) + "javaw.exe";
        powerShell.thenPrints(home().local(
                        "UDP Query User{1}" + blocked,
                        "Action=Block|Active=TRUE|Dir=In|Protocol=17|App=" + blocked + "|Name=OpenJDK|")
                .output());

        assertThat(run(ALL_KINDS)).isZero();

        assertThat(printed()).isEqualTo(golden("own-runtime.ps1"));
        assertThat(printed().chars()).allMatch(character -> character < 128);
    }

    @Test
    void inMirroredModeTheHyperVFirewallIsInTheWay() throws Exception {
        wsl = ProbeReport.learned(
                new TargetState.OnLan("mirrored", Forwards.ip("127.0.0.1"), "its ports are on the LAN already"));
        powerShell.thenPrints(home().output());

        assertThat(run(ALL_KINDS)).isZero();

        assertThat(printed()).isEqualTo(golden("mirrored.ps1"));
    }

    @Test
    void elsewhereTheCommandsAreShownForWindows() throws Exception {
        windows = false;

        assertThat(run(VITE)).isZero();

        assertThat(printed()).isEqualTo(golden("elsewhere.ps1"));
        assertThat(powerShell.ranSince()).isEmpty();
    }

    @Test
    void elsewhereNothingIsApplied() throws Exception {
        windows = false;

        assertThat(run(VITE, "--apply", "--yes")).isEqualTo(2);

        assertThat(complaint()).startsWith("wslproxy: --apply works on Windows only");
    }

    @Test
    void theLastForwardOfTheLanTakesItsRuleAlong() throws Exception {
        applying(home().local("wslproxy-tcp", VITE_RULE), home());

        assertThat(run("""
                [wsl]
                address = "172.30.98.229"
                [[forward]]
                listen = "127.0.0.1:80"
                target = "wsl:80"
                """, "--apply", "--yes")).isZero();

        assertThat(printed())
                .contains("# No firewall rule is needed")
                .contains("# REMOVED: the rule \"wslproxy TCP 5173\" (wslproxy-tcp) lets in TCP 5173 from LocalSubnet");
        assertThat(elevated(powerShell.ranSince().get(1))).contains("\nRemove-NetFirewallRule -Name 'wslproxy-tcp'\n");
    }

    @Test
    void everythingInTheWayIsNamedWithItsCure() throws Exception {
        powerShell.thenPrints(new FirewallOutput()
                .local(PROMPT_ID, PROMPT)
                .local(
                        "{1}",
                        "Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort2_10=5000-6000|App=C:\\program files\\java\\bin\\java.exe"
                                + "|Name=No dev servers|")
                .policy(
                        "{2}",
                        "Action=Block|Active=TRUE|Dir=In|Protocol=6|Profile=Domain|App=C:\\program files\\java\\bin\\java.exe|Name=IT says no|")
                .profile(NetworkCategory.DOMAIN, "True Block False False")
                .network("Wi-Fi", "Caf\u00e9 [free]", "Public")
                .network("Ethernet", "corp", "DomainAuthenticated")
                .network("vEthernet (WSL (Hyper-V firewall))", "Unidentified network", "Public")
                .network("vEthernet (Standardswitch)", "Nicht identifiziertes Netzwerk", "Public")
                .network("vEthernet (nat)", "Unidentified network", "Public")
                .network("VMware Network Adapter VMnet8", "Unidentified network", "Public")
                .network("VirtualBox Host-Only Network", "Unidentified network", "Public")
                .address("vEthernet (Standardswitch)", "172.17.0.1")
                .address("Wi-Fi", "192.168.7.5")
                .output());

        assertThat(run(VITE)).isZero();

        assertThat(printed()).isEqualTo(golden("in-the-way.ps1"));
    }

    /** A switch that shares a cable with this computer is the way to the LAN: the default route leaves by it. */
    @Test
    void anExternalSwitchIsALan() throws Exception {
        route = Optional.of(Forwards.ip("192.168.7.5"));
        powerShell.thenPrints(new FirewallOutput()
                .network("vEthernet (Extern)", "Home", "Public")
                .network("vEthernet (Default Switch)", "Unidentified network", "Public")
                .address("vEthernet (Extern)", "192.168.7.5")
                .address("vEthernet (Default Switch)", "172.17.0.1")
                .output());

        assertThat(run(VITE)).isZero();

        assertThat(printed())
                .contains("# PUBLIC: the network Home (vEthernet (Extern)) counts as public,")
                .doesNotContain("Default Switch");
    }

    @Test
    void whatIsOpenAlreadyNeedsNothing() throws Exception {
        powerShell.thenPrints(home().local("wslproxy-tcp", VITE_RULE).output());

        assertThat(run(VITE, "--apply")).isZero();

        assertThat(printed()).isEqualTo(golden("nothing-to-do.ps1"));
        assertThat(questions).isEmpty();
        assertThat(powerShell.ranSince()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Protocol=6|LPort=5173|RA4=192.168.7.66|",
                "Protocol=17|LPort=5173|",
                "Protocol=6|LPort=5173|App=C:\\Program Files\\Java\\bin\\java.exe|",
                "Protocol=6|LPort=5173|Profile=Public|"
            })
    void aRuleThatLetsInLessIsNotEnough(String rule) throws Exception {
        powerShell.thenPrints(
                home().local("x", "Action=Allow|Active=TRUE|Dir=In|" + rule).output());

        assertThat(run(VITE)).isZero();

        assertThat(printed()).contains("\nNew-NetFirewallRule ").doesNotContain("Nothing needs doing");
    }

    @Test
    void whatWindowsDoesNotTellIsNotKnown() throws Exception {
        powerShell.thenPrints("");

        assertThat(run(VITE)).isZero();

        assertThat(printed())
                .contains("# What the firewall has now is not known: Windows did not tell.\n")
                .contains("\nNew-NetFirewallRule -Name 'wslproxy-tcp' ");
    }

    @Test
    void whileWslIsDownItsModeIsNotKnown() throws Exception {
        wsl = ProbeReport.learned(new TargetState.Down("no distribution runs"));
        powerShell.thenPrints(home().output());

        assertThat(run(ALL_KINDS)).isZero();

        assertThat(printed())
                .contains("# WSL is stopped: no distribution runs. In mirrored mode other rules are needed:"
                        + " then ask again while WSL runs.\n");
    }

    /** Of a forward that is gone, of one that was for every client, and made by hand; what others have made stays. */
    @Test
    void rulesThatNoForwardNeedsAnyMoreAreNamedAndRemoved() throws Exception {
        powerShell.thenPrints(home().local("wslproxy-tcp", VITE_RULE)
                .local("wslproxy-tcp-2", OURS + "Protocol=6|Profile=Private|LPort=8080|Name=wslproxy TCP 8080|")
                .local("wslproxy-udp", OURS + "Protocol=17|Profile=Private|LPort=53|RA4=LocalSubnet|")
                .local("{7}", OURS + "Protocol=6|LPort=22|Name=made by hand|")
                .local("{8}", "Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=22|Name=of somebody else|")
                .output());

        assertThat(run(VITE)).isZero();

        assertThat(printed()).isEqualTo(golden("left-over.ps1"));
    }

    @Test
    void afterMirroredModeRulesOfTheHyperVFirewallGo() throws Exception {
        powerShell.thenPrints(home().output());

        assertThat(run(VITE)).isZero();

        assertThat(printed()).contains("\nif (Get-Command Get-NetFirewallHyperVRule -ErrorAction SilentlyContinue) {");
    }

    @Test
    void programsInWslAreLetInByTheirNetwork() throws Exception {
        String toml = """
                [wsl]
                command = ["x"]
                [[forward]]
                name = "postgres"
                listen = "wsl:5432"
                target = "127.0.0.1:5432"
                """;
        powerShell.thenPrints(home().output()).thenPrints(home().output()).thenPrints(home().output());

        assertThat(run(toml)).isZero();
        assertThat(printed())
                .contains("# - postgres: TCP 5432 from 172.30.96.0/20 in WSL\n")
                .contains(" -Profile Any -RemoteAddress '172.30.96.0/20'\n")
                .doesNotContain("InterfaceAlias");

        assertThat(run(toml.replace("command = [\"x\"]", "address = \"172.20.1.2\"")))
                .isZero();
        assertThat(printed()).contains(" -Profile Any -RemoteAddress '172.20.0.0/20'\n");

        wsl = ProbeReport.learned(new TargetState.Down("no distribution runs"));
        assertThat(run(toml)).isZero();
        assertThat(printed())
                .contains(" -Profile Any -RemoteAddress '172.16.0.0/12'\n")
                .contains("# Where the network of WSL is, is not known now: it lies in 172.16.0.0/12 as a rule.\n");
    }

    @Test
    void anInvalidConfigurationIsWrongUsage() throws Exception {
        assertThat(run("[wsl]\ncommand = [\"x\"]\n[[forward]]\nport = 99999\n")).isEqualTo(2);

        assertThat(complaint()).contains("proxy.toml:4:");
    }

    @Test
    void theHelpShowsAnExample() throws Exception {
        assertThat(run(VITE, "--help")).isZero();

        assertThat(printed()).contains("Example: wslproxy firewall --config proxy.toml");
    }
}
