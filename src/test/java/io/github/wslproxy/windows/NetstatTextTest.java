package io.github.wslproxy.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.os.ConsoleText;
import io.github.wslproxy.windows.NetstatText.Holder;
import java.nio.charset.Charset;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NetstatTextTest {
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

        assertThat(NetstatText.holders(ConsoleText.decode(output.getBytes(oemPage(language)))))
                .containsExactly(
                        new Holder(Protocol.TCP, "0.0.0.0", 3000, 4321),
                        new Holder(Protocol.TCP, "[::1]", 3000, 900),
                        new Holder(Protocol.UDP, "0.0.0.0", 5353, 2100),
                        new Holder(Protocol.UDP, "[fe80::1%12]", 5353, 2100));
    }

    private static Charset oemPage(String language) {
        return Charset.forName(language.equals("Chinese") ? "GBK" : "IBM850");
    }

    /** As under Wine: no column with process ids. */
    @Test
    void withoutProcessIdsNothingIsKnown() {
        assertThat(NetstatText.holders("""
                Active Connections

                  Proto  Local Address          Foreign Address        State
                  TCP    0.0.0.0:3000           0.0.0.0:0              LISTENING
                  UDP    0.0.0.0:5353           *:*
                """)).isEmpty();
    }

    @Test
    void nothingIsNothing() {
        assertThat(NetstatText.holders("")).isEmpty();
        assertThat(NetstatText.holders("TCP\n\0\nUDP x:99999999999 *:* 1")).isEmpty();
        assertThat(NetstatText.holders("TCP [::]:65536 [::]:0 LISTENING 4")).isEmpty();
    }
}
