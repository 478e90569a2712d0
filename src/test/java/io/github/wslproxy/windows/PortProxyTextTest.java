package io.github.wslproxy.windows;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.wslproxy.testing.Fuzz;
import io.github.wslproxy.windows.PortProxyListing.Rejected;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PortProxyTextTest {
    private static final String KEY = "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\PortProxy";

    /** Layout of reg.exe as windows.md §7.3 has it and as Wine's prints it. */
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

    private static final String SCRIPT = """
            @echo off
            rem netsh interface portproxy add v4tov4 listenport=1 connectaddress=10.0.0.1
            netsh interface portproxy delete v4tov4 listenport=8080
            netsh interface portproxy add v4tov4 listenaddress=0.0.0.0 listenport=3000 ^
                connectaddress=172.28.176.1
            netsh.exe int portproxy add V4ToV4 8080 localhost 80
            netsh interface portproxy add v6tov4 listenport = 3001 connectaddress="10.0.0.9" connectport=3002 "listenaddress=::"
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
                arguments("script", SCRIPT.getBytes(UTF_8)),
                arguments("netsh show all", SHOWN.getBytes(UTF_8)),
                arguments("netsh show all by PowerShell 5 >", ("\ufeff" + SHOWN).getBytes(UTF_16LE)),
                arguments(
                        "indented, as in a chat", SHOWN.replace("\n", "\n    ").getBytes(UTF_8)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forms")
    void theSameRulesAreReadFromEachForm(String form, byte[] bytes) {
        PortProxyListing listing = PortProxyText.read(bytes);

        assertThat(listing.rules())
                .containsExactly(
                        new PortProxyRule(PortProxyFamily.V4TOV4, "0.0.0.0", 3000, "172.28.176.1", 3000),
                        new PortProxyRule(PortProxyFamily.V4TOV4, "*", 8080, "localhost", 80),
                        new PortProxyRule(PortProxyFamily.V6TOV4, "::", 3001, "10.0.0.9", 3002));
        assertThat(listing.rejected()).isEmpty();
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

        assertThat(PortProxyText.read(output.getBytes(Charset.forName(oemPage))).rules())
                .containsExactly(new PortProxyRule(PortProxyFamily.V4TOV4, "0.0.0.0", 8001, "172.27.57.198", 8001));
    }

    @Test
    void allFourFamiliesAreRead() {
        assertThat(PortProxyText.read("""
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
        assertThat(PortProxyText.read(SHOWN.replace("localhost ", "hkserver  ").replace("*    ", "hklm "))
                        .rules())
                .map(PortProxyRule::toString)
                .contains("v4tov4 hklm:8080 -> hkserver:80");
    }

    /** Chinese Windows 10.0.19045 deletes a rule that is shown with an asterisk by its port alone. */
    @Test
    void theDeleteCommandNamesTheAddressAsTheRuleDoes() {
        assertThat(PortProxyText.read(DUMPED).rules())
                .map(PortProxyRule::deleteCommand)
                .containsExactly(
                        "netsh interface portproxy delete v4tov4 listenport=3000 listenaddress=0.0.0.0",
                        "netsh interface portproxy delete v4tov4 listenport=8080",
                        "netsh interface portproxy delete v6tov4 listenport=3001 listenaddress=::");
    }

    static Stream<Arguments> invalid() {
        return Stream.of(
                arguments("add v4tov4 listenport=0 connectaddress=10.0.0.1", "it listens on port \"0\"", ""),
                arguments("add v4tov4 listenport=http connectaddress=10.0.0.1", "it listens on port \"http\"", ""),
                arguments("add v4tov4 connectaddress=10.0.0.1", "it listens on port \"\"", ""),
                arguments("add v4tov4 listenport=80", "no connectaddress", ""),
                arguments("add v4tov4 80 10.0.0.1 protocol=udp", "protocol udp", ""),
                arguments("add v4tov4 80 10.0.0.1 70000", "it connects to port \"70000\"", "listenport=80"),
                arguments("add v4tov4 80 $ip", "it connects to \"$ip\", neither", "listenport=80"),
                arguments("add v4tov4 80 ::1", "it connects to ::1, which is not IPv4", "listenport=80"),
                arguments("add v4tov6 80 10.0.0.1", "it connects to 10.0.0.1, which is not IPv6", "listenport=80"),
                arguments("add v4tov4 80 0.0.0.0", "it connects to 0.0.0.0, which is no computer", "listenport=80"),
                arguments("add v4tov4 80 *", "it connects to \"*\"", "listenport=80"),
                arguments("add v4tov4 80 10.0.0.1 80 ::", "it listens on ::, which is not IPv4", ""),
                arguments("add v4tov4 80 10.0.0.1 80 x&calc", "it listens on \"x&calc\", neither", ""),
                arguments(
                        KEY + "\\v4tov4\\tcp\n  0.0.0.0/80  REG_SZ  10.0.0.1", "a value that is not ADDRESS/PORT", ""),
                arguments(KEY + "\\v4tov4\\tcp\n  0.0.0.0/80  REG_DWORD", "a value that is not ADDRESS/PORT", ""),
                arguments("[" + KEY + "\\v4tov4\\tcp]\n\"0.0.0.0/80\"=dword:00000050", "a value that is not", ""),
                arguments("ipv4 ipv4\n--- ---\n0.0.0.0 80 10.0.0.1", "a row without four columns", ""),
                arguments("ipv4 ipv4\n--- ---\n0.0.0.0 eighty 10.0.0.1 80", "it listens on port \"eighty\"", ""));
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void aRowThatIsNoRuleIsKeptWithTheReason(String text, String reason, String delete) {
        PortProxyListing listing = PortProxyText.read(text);

        assertThat(listing.rules()).isEmpty();
        assertThat(listing.rejected()).singleElement().satisfies(rejected -> {
            assertThat(rejected.row())
                    .isEqualTo(text.lines().reduce("", (before, line) -> line).strip());
            assertThat(rejected.reason()).startsWith(reason);
            assertThat(rejected.deleteCommand().orElse("")).endsWith(delete);
            assertThat(rejected.deleteCommand().isPresent()).isEqualTo(!delete.isEmpty());
        });
    }

    @Test
    void aLaterCommandForTheSamePlaceWinsAsInNetsh() {
        PortProxyListing listing = PortProxyText.read("""
                netsh interface portproxy add v4tov4 listenport=3000 connectaddress=10.0.0.1
                netsh interface portproxy add v4tov4 listenport=3001 connectaddress=10.0.0.1
                netsh interface portproxy set v4tov4 listenport=3000 connectaddress=10.0.0.2 connectport=80
                netsh interface portproxy add v4tov4 listenport=3002 connectaddress=10.0.0.1 listenaddress=0.0.0.0
                netsh interface portproxy delete v4tov4 listenport=3001
                netsh interface portproxy delete v4tov4 3002 0.0.0.0
                rem netsh interface portproxy reset
                """);

        assertThat(listing.rules()).map(PortProxyRule::toString).containsExactly("v4tov4 *:3000 -> 10.0.0.2:80");
        assertThat(listing.rejected())
                .extracting(Rejected::row, Rejected::reason)
                .containsExactly(
                        tuple("v4tov4 *:3000 -> 10.0.0.1:3000", "a later command replaces it"),
                        tuple("v4tov4 *:3001 -> 10.0.0.1:3001", "a later command deletes it"),
                        tuple("v4tov4 0.0.0.0:3002 -> 10.0.0.1:3002", "a later command deletes it"));
        assertThat(PortProxyText.read("add v4tov4 80 10.0.0.1\nreset\nadd v4tov4 81 10.0.0.1\n")
                        .rules())
                .singleElement()
                .extracting(PortProxyRule::listenPort)
                .isEqualTo(81);
    }

    @Test
    void ofRulesThatListenOnOnePlaceTheFirstCounts() {
        PortProxyListing listing = PortProxyText.read("""
                add v4tov4 80 10.0.0.1 80 0.0.0.0
                add v4tov4 80 10.0.0.1 80 *
                add v4tov6 80 fd00::1
                """);

        assertThat(listing.rules()).hasSize(1);
        assertThat(listing.rejected())
                .map(Rejected::reason)
                .containsExactly(
                        "listens where v4tov4 0.0.0.0:80 -> 10.0.0.1:80 does",
                        "listens where v4tov4 0.0.0.0:80 -> 10.0.0.1:80 does");
        assertThat(listing.rejected().get(1).deleteCommand())
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
                "0.0.0.0 80 10.0.0.1 80"
            })
    void otherTextHasNoRules(String text) {
        assertThat(PortProxyText.read(text).isEmpty()).isTrue();
    }

    @Test
    void aFileOfAMillionRulesEnds() {
        PortProxyListing listing = PortProxyText.read("add v4tov4 80 10.0.0.1\n".repeat(100_000));

        assertThat(listing.rejected())
                .hasSizeLessThan(2000)
                .last()
                .extracting(Rejected::reason)
                .isEqualTo("more than 1000 rows; nothing after them was read");
    }

    private static final List<String> SNIPPETS = List.of(
            "add v4tov4 ",
            "add v6tov6 ",
            "listenport=",
            "connectaddress=",
            "connectport=",
            "listenaddress=",
            "80 ",
            "=",
            "\n",
            "\r\n",
            " ",
            "\t",
            "\"",
            "*",
            "/",
            "0.0.0.0",
            "::",
            "172.28.176.1",
            "localhost",
            "ipv4 ",
            "ipv6 ",
            "\n--------------- ----------  ------\n",
            KEY + "\\v4tov4\\tcp\n",
            "    ",
            "REG_SZ",
            "\u0000",
            "\ufeff",
            "#",
            "^\n",
            "`\n",
            "99999999999",
            "%",
            "\ud83d",
            "\u202e",
            "é",
            "&calc");

    @Test
    void whateverIsPrintedTheOutcomeMayBePrintedAndPasted() {
        Fuzz.from(QUERIED, EXPORTED, DUMPED, SHOWN)
                .with(SNIPPETS.toArray(String[]::new))
                .feed(bytes -> check(PortProxyText.read(bytes)));
    }

    /** What comes out may be printed, and pasted into a console of an administrator. */
    private static void check(PortProxyListing listing) {
        List<ImportedForward> forwards = ImportedForward.of(listing.rules(), Set.of(), Set.of());
        assertThat(forwards).map(ImportedForward::name).doesNotHaveDuplicates();
        assertThat(forwards.stream().flatMap(forward -> forward.toml().stream()))
                .allMatch(line -> line.matches("[ -~]*"));
        assertThat(listing.rules())
                .map(PortProxyRule::deleteCommand)
                .allMatch(command -> command.matches("[A-Za-z0-9 =.:%_-]*"));
        assertThat(listing.rejected()).allSatisfy(rejected -> {
            assertThat(rejected.row()).matches("[ -~]*");
            assertThat(rejected.reason()).matches("[ -~]*");
            assertThat(rejected.deleteCommand().orElse("")).matches("[A-Za-z0-9 =.:%_-]*");
        });
    }
}
