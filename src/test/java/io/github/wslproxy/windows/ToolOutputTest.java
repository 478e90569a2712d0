package io.github.wslproxy.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.os.ConsoleText;
import io.github.wslproxy.windows.ToolOutput.ListeningSocket;
import java.nio.charset.Charset;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ToolOutputTest {
    // ---- netstat

    /**
     * Heads and states as public outputs have them. English and the columns: MicrosoftDocs/windowsserverdocs#1382 and
     * Ducatel/Visual-Studio-Linux-Build-Box#4; Chinese: billfeller/billfeller.github.io#174; the German, Spanish,
     * Portuguese and Italian states are those that other projects have in their tests for this very reason. The heads
     * of Portuguese, Italian and French are from memory, and nothing depends on them.
     */
    static Stream<Arguments> languages() {
        return Stream.of(
                arguments(
                        "English",
                        "Active Connections",
                        "Proto  Local Address  Foreign Address  State  PID",
                        "LISTENING"),
                arguments(
                        "German",
                        "Aktive Verbindungen",
                        "Proto  Lokale Adresse  Remoteadresse  Status  PID",
                        "ABHÖREN"),
                arguments(
                        "Spanish",
                        "Conexiones activas",
                        "Proto  Dirección local  Dirección remota  Estado  PID",
                        "ESCUCHANDO"),
                arguments(
                        "Portuguese",
                        "Conexões ativas",
                        "Proto  Endereço local  Endereço externo  Estado  PID",
                        "OUVINDO"),
                arguments(
                        "Italian",
                        "Connessioni attive",
                        "Proto  Indirizzo locale  Indirizzo esterno  Stato  PID",
                        "IN ATTESA"),
                arguments(
                        "French",
                        "Connexions actives",
                        "Proto  Adresse locale  Adresse distante  État  PID",
                        "LISTENING"),
                arguments("Chinese", "活动连接", "协议  本地地址  外部地址  状态  PID", "侦听"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("languages")
    void listenersAreFoundInEveryLanguage(String language, String title, String head, String state) {
        String output = title + "\r\n\r\n  " + head + "\r\n"
                + "  TCP    0.0.0.0:3000           0.0.0.0:0              " + state + "       4321\r\n"
                + "  TCP    127.0.0.1:3000         127.0.0.1:52000        HERGESTELLT     4321\r\n"
                + "  TCP    192.168.1.20:52001     140.82.112.25:443      TIME_WAIT       0\r\n"
                + "  TCP    [::1]:3000             [::]:0                 " + state + "       900\r\n"
                + "  UDP    0.0.0.0:5353           *:*                                    2100\r\n"
                + "  UDP    [fe80::1%12]:5353      *:*                                    2100\r\n";

        assertThat(ToolOutput.listeningSockets(ConsoleText.decode(output.getBytes(oemPage(language)))))
                .containsExactly(
                        new ListeningSocket(Protocol.TCP, "0.0.0.0", 3000, 4321),
                        new ListeningSocket(Protocol.TCP, "[::1]", 3000, 900),
                        new ListeningSocket(Protocol.UDP, "0.0.0.0", 5353, 2100),
                        new ListeningSocket(Protocol.UDP, "[fe80::1%12]", 5353, 2100));
    }

    private static Charset oemPage(String language) {
        return Charset.forName(language.equals("Chinese") ? "GBK" : "IBM850");
    }

    /** Wine prints no column with process ids. */
    @Test
    void withoutProcessIdsNothingIsKnown() {
        assertThat(ToolOutput.listeningSockets("""
                Active Connections

                  Proto  Local Address          Foreign Address        State
                  TCP    0.0.0.0:3000           0.0.0.0:0              LISTENING
                  UDP    0.0.0.0:5353           *:*
                """)).isEmpty();
    }

    @Test
    void withoutListenersThereAreNone() {
        assertThat(ToolOutput.listeningSockets("")).isEmpty();
        assertThat(ToolOutput.listeningSockets("TCP\n\0\nUDP x:99999999999 *:* 1"))
                .isEmpty();
        assertThat(ToolOutput.listeningSockets("TCP [::]:65536 [::]:0 LISTENING 4"))
                .isEmpty();
    }

    // ---- tasklist

    @Test
    void theProgramIsTheFirstField() {
        assertThat(ToolOutput.program("\"node.exe\",\"4321\",\"Console\",\"1\",\"45,678 K\"\r\n", 4321))
                .contains("node.exe");
        assertThat(ToolOutput.program("\"Mein Server.exe\",\"4321\",\"Console\",\"1\",\"45.678 K\"\r\n", 4321))
                .contains("Mein Server.exe");
    }

    /** The answer when there is no such process, on stdout with status 0, in English, German and Spanish. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "INFO: No tasks are running which match the specified criteria.",
                "INFORMATION: Es werden keine Aufgaben mit den angegebenen Kriterien ausgeführt.",
                "INFORMACIÓN: no hay tareas ejecutándose que coincidan con los criterios especificados.",
                "",
                "\"other.exe\",\"432\",\"Console\",\"1\",\"45,678 K\""
            })
    void anythingElseNamesNoProgram(String output) {
        assertThat(ToolOutput.program(output, 4321)).isEmpty();
        assertThat(ToolOutput.services(output, 4321)).isEmpty();
    }

    @Test
    void servicesAreTheThirdFieldOfThree() {
        assertThat(ToolOutput.services("\"svchost.exe\",\"2100\",\"BFE,mpssvc\"", 2100))
                .contains("BFE,mpssvc");
        assertThat(ToolOutput.services("\"node.exe\",\"2100\",\"N/A\"", 2100)).isEmpty();
        assertThat(ToolOutput.services("\"node.exe\",\"2100\",\"Nicht zutreffend\"", 2100))
                .isEmpty();
    }

    // ---- netsh interface ipv4 show excludedportrange

    /** English: open-telemetry/opentelemetry-collector#10839; Spanish: microsoft/WSL#5306; both shortened. */
    static Stream<Arguments> excludedRanges() {
        return Stream.of(
                arguments("English", """

                        Protocol tcp Port Exclusion Ranges

                        Start Port    End Port
                        ----------    --------
                                80          80
                             47001       47001
                             55679       55679     *

                        * - Administered port exclusions.
                        """, new PortRange(80, 80), new PortRange(47001, 47001)),
                arguments("Spanish", """
                        Puerto de inicio    Puerto final
                        ----------          --------
                              1025        1124
                             50000       50059
                        """, new PortRange(1025, 1124), new PortRange(50000, 50059)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("excludedRanges")
    void excludedRangesAreNumbersInEveryLanguage(String language, String output, PortRange first, PortRange second) {
        assertThat(ToolOutput.closedRanges(output.replace("\n", "\r\n"))).containsExactly(first, second);
    }

    /** microsoft/WSL#5306 has a range that ends before it starts, by a slip of the pen. */
    @Test
    void rangesThatAreNoneArePassedOver() {
        assertThat(ToolOutput.closedRanges("24266 24365\n24266 2436\n70000 80000\n1 99999\n99999999 1\n1 2 3\n"))
                .containsExactly(new PortRange(24266, 24365));
        assertThat(ToolOutput.closedRanges("")).isEmpty();
    }
}
