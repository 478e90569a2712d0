package io.github.wslproxy.windows;

import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.os.ConsoleText;
import io.github.wslproxy.os.SafeText;
import io.github.wslproxy.testing.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever netsh, reg, netstat and tasklist print, or a file that pretends to be of them holds. */
@Tag("slow")
public class WindowsTextFuzzTest {
    /** Nothing in it means anything to cmd, PowerShell or sh. */
    private static final Pattern COMMAND = Pattern.compile("[A-Za-z0-9 .:=_%-]+");

    @Test
    void everyPortproxyRuleIsReadBackFromTheCommandThatAddsIt() {
        Fuzz.from("""
                        HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\PortProxy\\v4tov4\\tcp
                            0.0.0.0/3000    REG_SZ    172.28.176.1/3000
                            */80    REG_SZ    localhost/8080
                        """, """
                        Windows Registry Editor Version 5.00

                        [HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\PortProxy\\v6tov4\\tcp]
                        "::/3000"="172.28.176.1/3000"
                        """, """
                        Abh\u00f6ren auf ipv4:             Verbinden mit ipv6:

                        Adresse         Port        Adresse         Port
                        --------------- ----------  --------------- ----------
                        0.0.0.0         2222        fd00::2         22

                        """, """
                        # IPHTTPS Configuration
                        netsh interface portproxy add v4tov4 listenport=3000 connectaddress=172.28.176.1 connectport=3001
                        add v6tov6 listenport=3000 connectaddress=fd00::1
                        add v4tov4 listenport=1 connectaddress=%IP% connectport=2 listenaddress=192.168.1.5
                        """)
                .with("v4tov4", "v6tov4", "listenport=", "connectaddress=", "\t", "/", "REG_SZ", "----- ----")
                .with(
                        "ipv4",
                        "\"",
                        "&calc",
                        "$(calc)",
                        "`",
                        "%PATH%",
                        "\u202e",
                        "\ud83d",
                        "fe80::1%12",
                        "*",
                        "'",
                        ";",
                        "::ffff:1.2.3.4")
                .feed(WindowsTextFuzzTest::portProxies);
    }

    @Test
    void everyHolderOfAPortHasItsNumbers() {
        Fuzz.from(
                        "  TCP    0.0.0.0:135            0.0.0.0:0              ABH\u00d6REN       1234\r\n",
                        "  TCP    [::]:445               [::]:0                 LISTENING       4\r\n",
                        "  UDP    0.0.0.0:5353           *:*                                    4321\r\n",
                        "\"node.exe\",\"4321\",\"Console\",\"1\",\"30,000 K\"\r\n\"svchost.exe\",\"7\",\"Dnscache,NlaSvc\"",
                        "Startport    Endport\r\n----------    --------\r\n      5357        5357     *\r\n 50000 50059 \r\n")
                .with("TCP", "UDP", ":0 ", "*:*", "99999", "4294967296", "\",\"", "  ", "\u00a0", "*")
                .feed(WindowsTextFuzzTest::holders);
    }

    /** A fuzzer that is guided by coverage calls this. */
    public static void fuzzerTestOneInput(byte[] input) {
        portProxies(input);
        holders(input);
    }

    private static void portProxies(byte[] input) {
        PortProxyRules found = PortProxyRules.in(input);
        check(found.rules().size() + found.rejected().size() <= 1001, "too many");
        for (PortProxyRule rule : found.rules()) {
            checkCommand(rule.deleteCommand());
            PortProxyRules again = PortProxyRules.in(addCommand(rule).getBytes(StandardCharsets.UTF_8));
            check(again.rules().equals(List.of(rule)), addCommand(rule) + " is read as " + again);
        }
        for (PortProxyRules.RejectedRow rejected : found.rejected()) {
            check(isAscii(rejected.row()) && isAscii(rejected.reason()), "not fit for a console: " + rejected);
            rejected.deleteCommand().ifPresent(WindowsTextFuzzTest::checkCommand);
        }
        List<ImportedForward> forwards = ImportedForward.of(found.rules(), Set.of(), Set.of("tcp-3000"));
        check(forwards.stream().map(ImportedForward::name).distinct().count() == forwards.size(), "a name twice");
        check(
                forwards.stream().mapToInt(each -> each.rules().size()).sum()
                        == found.rules().size(),
                "a rule was lost");
        for (ImportedForward forward : forwards) {
            for (String line : forward.toml()) {
                check(isAscii(line), "not fit for a file: " + line);
                check(line.chars().filter(c -> c == '"').count() % 2 == 0 && line.indexOf('\\') < 0, "quotes: " + line);
            }
        }
    }

    private static String addCommand(PortProxyRule rule) {
        String address = rule.listenAddress().equals(PortProxyRule.ANY) ? "" : " listenaddress=" + rule.listenAddress();
        return "netsh interface portproxy add " + rule.family() + address + " listenport=" + rule.listenPort()
                + " connectaddress=" + rule.connectAddress() + " connectport=" + rule.connectPort();
    }

    private static void checkCommand(String command) {
        check(COMMAND.matcher(command).matches(), "not to be pasted: " + command);
        check(command.indexOf('%') == command.lastIndexOf('%'), "a variable: " + command);
    }

    private static void holders(byte[] input) {
        String text = ConsoleText.decode(input);
        for (ToolOutput.ListeningSocket holder : ToolOutput.listeningSockets(text)) {
            check(holder.port() >= 0 && holder.port() <= PortRange.MAX_PORT, "port " + holder.port());
            check(holder.pid() >= 0, "pid " + holder.pid());
            check(text.contains(holder.address()), "an address that is not there: " + holder);
        }
        for (PortRange range : ToolOutput.closedRanges(text)) {
            check(range.last() <= PortRange.MAX_PORT, "range " + range);
        }
        ToolOutput.program(text, 4321)
                .ifPresent(program -> check(isAscii(SafeText.ascii(program)), "not printable: " + program));
        ToolOutput.services(text, 7)
                .ifPresent(services -> check(services.matches("[A-Za-z0-9_.,-]{2,200}"), "services: " + services));
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
