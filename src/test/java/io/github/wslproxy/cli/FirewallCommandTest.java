package io.github.wslproxy.cli;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.FakeRunner;
import io.github.wslproxy.windows.firewall.Firewall;
import io.github.wslproxy.windows.firewall.JavaExecutables;
import io.github.wslproxy.windows.firewall.NetworkCategory;
import io.github.wslproxy.windows.firewall.Rules;
import io.github.wslproxy.wsl.ProbeReport;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** The whole command with a computer that is played: its firewall, its WSL and the person in front of it. */
class FirewallCommandTest {
    private static final String ALL_KINDS = """
            [wsl]
            command = ["wsl.exe", "hostname", "-I"]

            [[forward]]
            name = "vite"
            port = 5173

            [[forward]]
            name = "game"
            protocol = "udp"
            port = 27015

            [[forward]]
            name = "dns"
            protocol = "tcp+udp"
            listen = ["0.0.0.0:53", "[::]:53"]
            target = "wsl:5353"

            [[forward]]
            name = "range"
            listen = "0.0.0.0:8000-8010"
            target = "wsl:8000-8010"

            [[forward]]
            name = "office"
            port = 8080
            allow = ["private", "203.0.113.0/24", "2001:db8::/32", "198.51.100.7"]

            [[forward]]
            name = "one-phone"
            port = 8081
            allow = ["192.168.7.66"]

            [[forward]]
            name = "everybody"
            port = 443
            allow = ["any"]

            [[forward]]
            name = "mine"
            listen = ["127.0.0.1:9000", "[::1]:9000"]
            target = "wsl:9000"

            [[forward]]
            name = "mine-too"
            port = 9001
            allow = ["loopback"]
            """;
    private static final String VITE = """
            [wsl]
            address = "172.30.98.229"

            [[forward]]
            name = "vite"
            port = 5173
            """;
    private static final String VITE_RULE = "Action=Allow|Active=TRUE|Dir=In|Protocol=6|Profile=Private|LPort=5173"
            + "|RA4=LocalSubnet|RA6=LocalSubnet|Name=wslproxy TCP 5173|EmbedCtxt=wslproxy|";
    private static final String OURS = "Action=Allow|Active=TRUE|Dir=In|EmbedCtxt=wslproxy|";
    private static final String PROMPT_ID =
            "TCP Query User{0E3F9D0C-8A4B-4C55-9B43-7B1C7D7E2A11}C:\\program files\\java\\bin\\javaw.exe";
    private static final String PROMPT = "Action=Block|Active=TRUE|Dir=In|Protocol=6|Profile=Private"
            + "|App=C:\\program files\\java\\bin\\javaw.exe|Name=OpenJDK Platform binary|Defer=User|";
    private static final JavaExecutables JAVA = new JavaExecutables(
            List.of("C:\\Program Files\\Java\\bin\\java.exe", "C:\\Program Files\\Java\\bin\\javaw.exe"), false);

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final FakeRunner powerShell = new FakeRunner();
    private final List<String> questions = new ArrayList<>();
    private boolean windows = true;
    private JavaExecutables programs = JAVA;
    private ProbeReport wsl =
            ProbeReport.learned(new TargetState.Up(Forwards.ip("172.30.98.229"), "it is inside the network of WSL"));
    private Optional<Boolean> answer = Optional.empty();

    private int run(String toml, String... arguments) throws Exception {
        Path config = Files.writeString(folder.resolve("proxy.toml"), toml);
        List<String> all = new ArrayList<>(List.of("firewall", "--config", config.toString()));
        all.addAll(List.of(arguments));
        return Commands.line(new WslProxyCommand(), new Played())
                .setExecutionExceptionHandler(new FailurePrinter())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }

    private final class Played implements IFactory {
        @Override
        public <K> K create(Class<K> kind) throws Exception {
            if (kind == FirewallCommand.class) {
                return kind.cast(new FirewallCommand(
                        new Firewall(powerShell, "C:\\WINDOWS", windows),
                        () -> programs,
                        settings -> wsl,
                        address -> Optional.of(new AddressBlock(address, 20)),
                        question -> {
                            questions.add(question);
                            return answer;
                        }));
            }
            return CommandLine.defaultFactory().create(kind);
        }
    }

    private String printed() {
        return out.toString()
                .replace(System.lineSeparator(), "\n")
                .replace(folder.resolve("proxy.toml").toString(), "proxy.toml");
    }

    private String complaint() {
        return err.toString().strip();
    }

    private static String golden(String name) throws Exception {
        return Files.readString(Path.of("src/test/resources/firewall", name)).replace("\r\n", "\n");
    }

    private static Rules home() {
        return new Rules().network("Wi-Fi", "Home", "Private");
    }

    /** What the elevated PowerShell is given. */
    private static String elevated(String command) {
        Matcher encoded = Pattern.compile("-EncodedCommand ([A-Za-z0-9+/=]+)").matcher(command);
        assertThat(encoded.find()).isTrue();
        return new String(Base64.getDecoder().decode(encoded.group(1)), UTF_16LE);
    }

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
    void everythingInTheWayIsNamedWithItsCure() throws Exception {
        powerShell.thenPrints(new Rules()
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
                .output());

        assertThat(run(VITE)).isZero();

        assertThat(printed()).isEqualTo(golden("in-the-way.ps1"));
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

    @Test
    void afterAYesExactlyWhatWasShownIsRunAndLookedAt() throws Exception {
        answer = Optional.of(true);
        powerShell
                .thenPrints(home().local(PROMPT_ID, PROMPT).output())
                .thenPrints("ended 0\r\n")
                .thenPrints(home().local("wslproxy-tcp", VITE_RULE).output());

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
        powerShell
                .thenPrints(home().local("wslproxy-tcp", OURS + rule).output())
                .thenPrints("ended 0")
                .thenPrints(home().local("wslproxy-tcp", VITE_RULE).output());

        assertThat(run(VITE, "--apply", "--yes")).isZero();

        assertThat(printed()).contains("# REPLACED: the rule wslproxy-tcp lets in ");
        assertThat(elevated(powerShell.ranSince().get(1)))
                .contains("\nRemove-NetFirewallRule -Name 'wslproxy-tcp' -ErrorAction SilentlyContinue\n")
                .contains("\nNew-NetFirewallRule -Name 'wslproxy-tcp' ")
                .doesNotContain("-Group 'wslproxy' -ErrorAction");
    }

    @Test
    void theLastForwardOfTheLanTakesItsRuleAlong() throws Exception {
        powerShell
                .thenPrints(home().local("wslproxy-tcp", VITE_RULE).output())
                .thenPrints("ended 0")
                .thenPrints(home().output());

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
    void aRuleThatStaysIsNotSaidToBeGone() throws Exception {
        Rules still = home().local("wslproxy-tcp", VITE_RULE).local("wslproxy-tcp-2", OURS + "Protocol=6|LPort=8080|");
        powerShell.thenPrints(still.output()).thenPrints("ended 0").thenPrints(still.output());

        assertThat(run(VITE, "--apply", "--yes")).isEqualTo(1);

        assertThat(complaint()).isEqualTo("wslproxy: still there: wslproxy-tcp-2");
    }

    @Test
    void aBlockOfOneClientDoesNotKeepTheRestFromBeingInForce() throws Exception {
        String one =
                "Action=Block|Active=TRUE|Dir=In|Protocol=6|RA4=192.168.1.66|App=C:\\Program Files\\Java\\bin\\java.exe"
                        + "|Name=the TV|";
        powerShell
                .thenPrints(home().local("{9}", one).output())
                .thenPrints("ended 0")
                .thenPrints(home().local("wslproxy-tcp", VITE_RULE)
                        .local("{9}", one)
                        .output());

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
    void withYesNobodyIsAsked() throws Exception {
        powerShell
                .thenPrints(home().output())
                .thenPrints("ended 0")
                .thenPrints(home().local("wslproxy-tcp", VITE_RULE).output());

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
        powerShell.thenPrints(home().output()).thenPrints("ended 0").thenPrints(home().output());

        assertThat(run(VITE, "--apply", "--yes")).isEqualTo(1);

        assertThat(complaint()).isEqualTo("wslproxy: not there: wslproxy-tcp");
        assertThat(printed()).doesNotContain("the rule is there: vite");
    }

    @Test
    void whatBlocksJavaAfterwardsIsSaid() throws Exception {
        powerShell
                .thenPrints(home().output())
                .thenPrints("ended 0")
                .thenPrints(home().local("wslproxy-tcp", VITE_RULE)
                        .local(
                                "{9}",
                                "Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=5173|Name=Block vite|App="
                                        + JAVA.paths().get(0) + "|")
                        .output());

        assertThat(run(VITE, "--apply", "--yes")).isEqualTo(1);

        assertThat(complaint()).isEqualTo("wslproxy: a rule that blocks Java is still there");
        assertThat(printed()).contains("# BLOCKED: the rule \"Block vite\" ({9}) blocks this Java, TCP 5173");
    }

    @Test
    void rulesWithoutEffectOnSomeNetworksAreNoSuccess() throws Exception {
        Rules office = home().network("Ethernet", "corp", "DomainAuthenticated");
        String rule = VITE_RULE.replace("Profile=Private", "Profile=Private|Profile=Domain");
        powerShell
                .thenPrints(office.output())
                .thenPrints("ended 0")
                .thenPrints(office.local("wslproxy-tcp", rule)
                        .profile(NetworkCategory.DOMAIN, "True Block True False")
                        .output());

        assertThat(run(VITE, "--apply", "--yes")).isEqualTo(1);

        assertThat(complaint()).isEqualTo("wslproxy: the rules have no effect on some of the networks they are for");
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
        powerShell.thenPrints(home().output()).thenPrints("ended 0").thenPrints(home().output());

        assertThat(run(toml, "--apply", "--yes")).isZero();

        assertThat(printed())
                .endsWith(
                        "made, not read back: vite: TCP 5173 from the local subnet on private networks, to WSL itself\n");
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
