package io.github.wslproxy.windows.powershell;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What is made of each kind, with names that need quoting, so that it can be held against PowerShell. What a command
 * prints as a whole is held by the tests of that command.
 */
class PowerShellFilesTest {
    private static final String ODD = "Pat's [x] *? $HOME `n \"q\" & b; c";
    private static final String NOT_ASCII = "J\u00f6rg\u2019s [x] *? $HOME `n \"q\" & b; c";
    private static final List<String> PRIVATE = List.of("Private");
    private static final List<PortRange> PORTS =
            List.of(PortRange.of(53), new PortRange(8000, 8010), PortRange.of(65535));

    /** Words that look like a cmdlet. */
    private static final Pattern CMDLET = Pattern.compile(
            "\\b(?:Add|ForEach|Get|Invoke|New|Out|Register|Remove|Select|Set|Split|Start|Stop|Test|Where)"
                    + "-[A-Z][a-zA-Z]+");

    private static void assertFile(String name, String... lines) throws IOException {
        assertThat(String.join("\n", lines) + "\n").isEqualTo(GoldenFiles.text(name));
    }

    private static NewRule rule(
            String name, Protocol protocol, List<String> profiles, List<String> remote, String... program) {
        return new NewRule(
                name, protocol, PORTS, profiles, remote, Stream.of(program).findFirst());
    }

    private static Stream<NewRule> rules() {
        return Stream.of(
                rule("wslproxy-tcp", Protocol.TCP, PRIVATE, List.of("LocalSubnet")),
                rule(
                        "wslproxy-udp-2",
                        Protocol.UDP,
                        List.of("Domain", "Private"),
                        List.of("LocalSubnet", "203.0.113.0/24", "2001:db8::/32", "198.51.100.7", "10.0.0.1-10.0.0.9")),
                rule("wslproxy-tcp-from-wsl", Protocol.TCP, List.of("Any"), List.of("172.30.96.0/20")),
                rule(
                        "wslproxy-tcp-3-java",
                        Protocol.TCP,
                        PRIVATE,
                        List.of("Any"),
                        "C:\\Users\\Pat's [x] $HOME `n & b; c\\bin\\java.exe"),
                rule(
                        "wslproxy-tcp-3-javaw",
                        Protocol.TCP,
                        PRIVATE,
                        List.of("Any"),
                        "C:\\Users\\J\u00f6rg\u2019s [x] $HOME `n & b; c\\bin\\javaw.exe"));
    }

    @Test
    void rulesOfTheFirewall() throws Exception {
        assertFile("rules.ps1", rules().map(NewRule::command).toArray(String[]::new));
    }

    @Test
    void rulesOfTheHyperVFirewall() throws Exception {
        assertFile(
                "hyper-v-rules.ps1",
                rule("wslproxy-tcp-to-wsl", Protocol.TCP, PRIVATE, List.of("Any"))
                        .hyperVCommand(),
                rule(
                                "wslproxy-udp-to-wsl",
                                Protocol.UDP,
                                List.of("Domain", "Private"),
                                List.of("10.0.0.0/8", "fc00::/7", "198.51.100.7"))
                        .hyperVCommand());
    }

    @Test
    void removals() throws Exception {
        assertFile(
                "removals.ps1",
                FirewallCommands.removeRule("TCP Query User{1}C:\\" + ODD + "\\java.exe"),
                FirewallCommands.removeRule("UDP Query User{1}C:\\" + NOT_ASCII + "\\java.exe"),
                FirewallCommands.removeRuleIfAny("wslproxy-tcp"),
                FirewallCommands.removeRules(),
                FirewallCommands.removeRulesExcept(List.of()),
                FirewallCommands.removeRulesExcept(List.of("wslproxy-tcp", "wslproxy-udp", ODD, NOT_ASCII)),
                FirewallCommands.removeHyperVRules());
    }

    @Test
    void networks() throws Exception {
        assertFile(
                "networks.ps1",
                FirewallCommands.letRulesCount(PRIVATE),
                FirewallCommands.letRulesCount(List.of("Domain", "Private")),
                FirewallCommands.makePrivate("Wi-Fi"),
                FirewallCommands.makePrivate(ODD),
                FirewallCommands.makePrivate(NOT_ASCII));
    }

    @Test
    void commandsForEveryShell() throws Exception {
        assertFile(
                "every-shell.ps1",
                EveryShell.endProcess(4321),
                EveryShell.deletePortProxy("v4tov4", Optional.empty(), 3000),
                EveryShell.deletePortProxy("v4tov6", Optional.of("0.0.0.0"), 3000),
                EveryShell.deletePortProxy("v6tov4", Optional.of("fe80::1%eth0"), 3000),
                EveryShell.deletePortProxy("v6tov6", Optional.of("my-pc.lan"), 3000),
                EveryShell.showExcludedRanges("ipv4", Protocol.TCP),
                EveryShell.freeExcludedPort("ipv6", Protocol.UDP, 27015));
    }

    @Test
    void commandsThatAreRunAsAdministrator() throws Exception {
        String commands = Scripts.running(List.of(
                FirewallCommands.removeRule(NOT_ASCII), rules().toList().get(0).command()));

        assertThat(commands).isEqualTo(GoldenFiles.text("run-commands.ps1"));
        assertFile(
                "run-as-administrator.ps1",
                Scripts.startingElevated(
                        "C:\\Pat's [x] $HOME `n & b; c\\powershell.exe", "-NoProfile -EncodedCommand ZQB4AGkAdAA="));
    }

    @Test
    void completion() throws Exception {
        Map<String, List<String>> words = new LinkedHashMap<>();
        words.put("", List.of("start", "--help"));
        words.put("start", List.of("it's", "$x", "--config"));

        assertThat(CompletionScript.of(words)).isEqualTo(GoldenFiles.text("completion-of-odd-words.ps1"));
        assertFile("completion-setup.ps1", CompletionScript.MAKE_FOLDER, CompletionScript.ADD, CompletionScript.ALLOW);
    }

    /** Each of them is made where somebody can find it, and the files above hold it. */
    @Test
    void noLineForPowerShellIsMadeElsewhere() throws Exception {
        Path own = Path.of("src/main/java/io/github/wslproxy/windows/powershell");
        try (var files = Files.walk(Path.of("src/main/java"))) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(own))
                    .toList()) {
                assertThat(CMDLET.matcher(Files.readString(file)).results().map(MatchResult::group))
                        .as(file.toString())
                        .isEmpty();
            }
        }
    }

    @Test
    void thePagesShowNoOtherLineForPowerShell() throws Exception {
        List<String> held =
                GoldenFiles.all().stream().flatMap(file -> lines(file).stream()).toList();
        Pattern code = Pattern.compile("`([^`\n]+)`|^```.*\n((?:.*\n)*?)```", Pattern.MULTILINE);
        List<String> shown = pages().stream()
                .flatMap(page -> code.matcher(page).results())
                .flatMap(found -> (found.group(1) != null ? found.group(1) : found.group(2)).lines())
                .map(String::strip)
                .filter(line -> CMDLET.matcher(line).find() || line.contains("$PROFILE"))
                .toList();

        assertThat(shown).isNotEmpty();
        assertThat(held).containsAll(shown);
    }

    private static List<String> lines(Path file) {
        try {
            return GoldenFiles.allCommands(file).lines().toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> pages() throws IOException {
        try (var site = Files.list(Path.of("src/site/markdown"))) {
            List<Path> files = Stream.concat(
                            Stream.of(
                                    Path.of("README.md"),
                                    Path.of(".github/CONTRIBUTING.md"),
                                    Path.of("conf/proxy.toml")),
                            site)
                    .collect(Collectors.toList());
            List<String> texts = new ArrayList<>();
            for (Path file : files) {
                texts.add(Files.readString(file).replace("\r\n", "\n"));
            }
            return texts;
        }
    }
}
