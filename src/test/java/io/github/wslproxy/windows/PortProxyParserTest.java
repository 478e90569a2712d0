package io.github.wslproxy.windows;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.wslproxy.windows.PortProxyRule.Family;
import io.github.wslproxy.windows.PortProxyRules.RejectedRow;
import java.nio.charset.Charset;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PortProxyParserTest {
    private static final String KEY = "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\PortProxy";

    /** The layout that reg.exe prints, and Wine's too. */
    private static final String QUERIED = """

            %1$s\\v4tov4

            %1$s\\v4tov4\\tcp
                (Standard)    REG_SZ    (Wert nicht gesetzt)
                0.0.0.0/3000    REG_SZ    172.28.176.1/3000
                */8080    REG_SZ    localhost/80

            %1$s\\v6tov4\\tcp
                ::/3001    REG_SZ    10.0.0.9/3002

            """.formatted(KEY);

    private static final String EXPORTED = """
            Windows Registry Editor Version 5.00

            [%1$s\\v4tov4\\tcp]
            "0.0.0.0/3000"="172.28.176.1/3000"
            "*/8080"="localhost/80"

            [%1$s\\v6tov4\\tcp]
            @="x"
            "::/3001"="10.0.0.9/3002"
            """.formatted(KEY);

    private static final String DUMPED = """
            #========================
            # Port Proxy configuration
            #========================
            pushd interface portproxy

            reset
            add v4tov4 listenport=3000 connectaddress=172.28.176.1 connectport=3000 listenaddress=0.0.0.0
            add v4tov4 connectport=80 connectaddress=localhost listenport=8080
            add v6tov4 listenport=3001 connectaddress=10.0.0.9 connectport=3002 listenaddress=::

            popd

            # End of Port Proxy configuration
            """;

    private static final String SHOWN = """

            Listen on ipv4:             Connect to ipv4:

            Address         Port        Address         Port
            --------------- ----------  --------------- ----------
            0.0.0.0         3000        172.28.176.1    3000
            *               8080        localhost       80

            Listen on ipv6:             Connect to ipv4:

            Address         Port        Address         Port
            --------------- ----------  --------------- ----------
            ::              3001        10.0.0.9        3002

            """;

    static Stream<Arguments> forms() {
        String exportedDos = EXPORTED.replace("\n", "\r\n");
        return Stream.of(
                arguments("reg query", QUERIED.getBytes(UTF_8)),
                arguments("reg query with CRLF", QUERIED.replace("\n", "\r\n").getBytes(UTF_8)),
                arguments(".reg in UTF-16LE", ("\ufeff" + exportedDos).getBytes(UTF_16LE)),
                arguments(".reg in UTF-8 with BOM", ("\ufeff" + exportedDos).getBytes(UTF_8)),
                arguments("netsh dump", DUMPED.getBytes(UTF_8)),
                arguments("netsh dump, each line with netsh", commands(DUMPED).getBytes(UTF_8)),
                arguments("netsh show all", SHOWN.getBytes(UTF_8)),
                arguments("netsh show all by PowerShell 5 >", ("\ufeff" + SHOWN).getBytes(UTF_16LE)),
                arguments(
                        "indented, as in a chat", SHOWN.replace("\n", "\n    ").getBytes(UTF_8)));
    }

    private static String commands(String dump) {
        return dump.replace("\nadd ", "\nnetsh interface portproxy add ");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forms")
    void theSameRulesAreReadFromEachForm(String form, byte[] bytes) {
        PortProxyRules found = PortProxyRules.in(bytes);

        assertThat(found.rules())
                .containsExactly(
                        new PortProxyRule(Family.V4TOV4, "0.0.0.0", 3000, "172.28.176.1", 3000),
                        new PortProxyRule(Family.V4TOV4, "*", 8080, "localhost", 80),
                        new PortProxyRule(Family.V6TOV4, "::", 3001, "10.0.0.9", 3002));
        assertThat(found.rejected()).isEmpty();
    }

    /**
     * Heads from public outputs: Chinese as in many, one of them of Windows 10.0.19045; French and Spanish from notes
     * of people with WSL; no German one was found, so that is a guess, on which nothing depends.
     */
    static Stream<Arguments> heads() {
        return Stream.of(
                arguments("侦听 ipv4:                 连接到 ipv4:", "地址            端口        地址            端口", "GBK"),
                arguments(
                        "Écouter sur ipv4 :             Connecter à ipv4 :",
                        "Adresse         Port        Adresse         Port",
                        "IBM850"),
                arguments(
                        "Escuchar en ipv4:       Conectar a ipv4:",
                        "Dirección       Puerto      Dirección       Puerto",
                        "IBM850"),
                arguments(
                        "Abhören auf ipv4:            Verbinden mit ipv4:",
                        "Adresse         Anschluss   Adresse         Anschluss",
                        "IBM850"));
    }

    @ParameterizedTest
    @MethodSource("heads")
    void theTableIsReadInEveryLanguage(String head, String columns, String oemPage) {
        String output = "\r\n" + head + "\r\n\r\n" + columns
                + "\r\n--------------- ----------  --------------- ----------\r\n"
                + "0.0.0.0         8001        172.27.57.198   8001\r\n\r\n";

        assertThat(PortProxyRules.in(output.getBytes(Charset.forName(oemPage))).rules())
                .containsExactly(new PortProxyRule(Family.V4TOV4, "0.0.0.0", 8001, "172.27.57.198", 8001));
    }

    @Test
    void allFourFamiliesAreRead() {
        assertThat(PortProxyParser.parse("""
                        add v4tov4 listenport=1 connectaddress=10.0.0.1
                        add v4tov6 listenport=2 connectaddress=fd00::1
                        add v6tov4 listenport=3 connectaddress=10.0.0.1
                        add v6tov6 listenport=4 connectaddress=fd00::1 listenaddress=fe80::1%12
                        """).rules())
                .map(PortProxyRule::toString)
                .containsExactly(
                        "v4tov4 *:1 -> 10.0.0.1:1",
                        "v4tov6 *:2 -> [fd00::1]:2",
                        "v6tov4 *:3 -> 10.0.0.1:3",
                        "v6tov6 [fe80::1%12]:4 -> [fd00::1]:4");
    }

    @Test
    void aComputerMayBeCalledAsARegistryKeyBegins() {
        assertThat(PortProxyParser.parse(
                                SHOWN.replace("localhost ", "hkserver  ").replace("*    ", "hklm "))
                        .rules())
                .map(PortProxyRule::toString)
                .contains("v4tov4 hklm:8080 -> hkserver:80");
    }

    /** Chinese Windows 10.0.19045 deletes a rule that is shown with an asterisk by its port alone. */
    @Test
    void theDeleteCommandNamesTheAddressAsTheRuleDoes() {
        assertThat(PortProxyParser.parse(DUMPED).rules())
                .map(PortProxyRule::deleteCommand)
                .containsExactly(
                        "netsh interface portproxy delete v4tov4 listenport=3000 listenaddress=0.0.0.0",
                        "netsh interface portproxy delete v4tov4 listenport=8080",
                        "netsh interface portproxy delete v6tov4 listenport=3001 listenaddress=::");
    }

    static Stream<Arguments> invalid() {
        return Stream.of(
                arguments(add("listenport=0 connectaddress=10.0.0.1"), "it listens on port \"0\"", ""),
                arguments(add("listenport=http connectaddress=10.0.0.1"), "it listens on port \"http\"", ""),
                arguments(add("connectaddress=10.0.0.1"), "it listens on port \"\"", ""),
                arguments(add("80 10.0.0.1"), "it listens on port \"\"", ""),
                arguments(add("listenport=80"), "it connects to \"\", neither", "listenport=80"),
                arguments(connecting("10.0.0.1 connectport=70000"), "it connects to port \"70000\"", "listenport=80"),
                arguments(connecting("$ip"), "it connects to \"$ip\", neither", "listenport=80"),
                arguments(connecting("::1"), "it connects to ::1, which is not IPv4", "listenport=80"),
                arguments(connecting("0.0.0.0"), "it connects to 0.0.0.0, which is no computer", "listenport=80"),
                arguments(connecting("*"), "it connects to \"*\"", "listenport=80"),
                arguments(
                        connecting("10.0.0.1").replace("v4tov4", "v4tov6"),
                        "it connects to 10.0.0.1, which is not IPv6",
                        "listenport=80"),
                arguments(connecting("10.0.0.1 listenaddress=::"), "it listens on ::, which is not IPv4", ""),
                arguments(connecting("10.0.0.1 listenaddress=x&calc"), "it listens on \"x&calc\", neither", ""),
                arguments(
                        KEY + "\\v4tov4\\tcp\n  0.0.0.0/80  REG_SZ  10.0.0.1", "a value that is not ADDRESS/PORT", ""),
                arguments(KEY + "\\v4tov4\\tcp\n  0.0.0.0/80  REG_DWORD", "a value that is not ADDRESS/PORT", ""),
                arguments("[" + KEY + "\\v4tov4\\tcp]\n\"0.0.0.0/80\"=dword:00000050", "a value that is not", ""),
                arguments("ipv4 ipv4\n--- ---\n0.0.0.0 80 10.0.0.1", "a row without four columns", ""),
                arguments("ipv4 ipv4\n--- ---\n0.0.0.0 eighty 10.0.0.1 80", "it listens on port \"eighty\"", ""));
    }

    private static String add(String arguments) {
        return "add v4tov4 " + arguments;
    }

    private static String connecting(String address) {
        return add("listenport=80 connectaddress=" + address);
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void aRowThatIsNoRuleIsKeptWithTheReason(String text, String reason, String delete) {
        PortProxyRules found = PortProxyParser.parse(text);

        assertThat(found.rules()).isEmpty();
        assertThat(found.rejected()).singleElement().satisfies(rejected -> {
            assertThat(rejected.row())
                    .isEqualTo(text.lines().reduce("", (before, line) -> line).strip());
            assertThat(rejected.reason()).startsWith(reason);
            assertThat(rejected.deleteCommand().orElse("")).endsWith(delete);
            assertThat(rejected.deleteCommand().isPresent()).isEqualTo(!delete.isEmpty());
        });
    }

    @Test
    void ofRulesThatListenOnOnePlaceTheFirstCounts() {
        PortProxyRules found = PortProxyParser.parse("""
                add v4tov4 listenport=80 connectaddress=10.0.0.1 listenaddress=0.0.0.0
                add v4tov4 listenport=80 connectaddress=10.0.0.1
                add v4tov6 listenport=80 connectaddress=fd00::1
                """);

        assertThat(found.rules()).hasSize(1);
        assertThat(found.rejected())
                .map(RejectedRow::reason)
                .containsExactly(
                        "listens where v4tov4 0.0.0.0:80 -> 10.0.0.1:80 does",
                        "listens where v4tov4 0.0.0.0:80 -> 10.0.0.1:80 does");
        assertThat(found.rejected().get(1).deleteCommand())
                .contains("netsh interface portproxy delete v4tov6 listenport=80");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n\n",
                "The following command was not found: interface portproxy.",
                "root:x:0:0:root:/root:/bin/bash",
                "HKEY_LOCAL_MACHINE\\SOFTWARE\\x\n    0.0.0.0/80    REG_SZ    10.0.0.1/80",
                "HKEY_LOCAL_MACHINE\\x\\PortProxy\\v4tov4\\udp\n    0.0.0.0/80    REG_SZ    10.0.0.1/80",
                "[-HKEY_LOCAL_MACHINE\\x\\PortProxy\\v4tov4\\tcp]\n\"0.0.0.0/80\"=\"10.0.0.1/80\"",
                "set global icmpredirects=disabled\nadd address 4 10.0.0.1 255.0.0.0",
                "0.0.0.0 80 10.0.0.1 80",
                "# add v4tov4 listenport=80 connectaddress=10.0.0.1",
                "rem netsh interface portproxy add v4tov4 listenport=80 connectaddress=10.0.0.1"
            })
    void otherTextHasNoRules(String text) {
        assertThat(PortProxyParser.parse(text).isEmpty()).isTrue();
    }

    @Test
    void aFileOfAMillionRulesEnds() {
        PortProxyRules found =
                PortProxyParser.parse("add v4tov4 listenport=80 connectaddress=10.0.0.1\n".repeat(100_000));

        assertThat(found.rejected())
                .hasSizeLessThan(2000)
                .last()
                .extracting(RejectedRow::reason)
                .isEqualTo("more than 1000 rows; nothing after them was read");
    }
}
