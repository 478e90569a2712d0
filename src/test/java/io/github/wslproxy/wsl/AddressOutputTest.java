package io.github.wslproxy.wsl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.wslproxy.forward.IpLiteral;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AddressOutputTest {

    static Stream<Arguments> outputs() {
        return Stream.of(
                arguments("hostname -I, with its trailing space", "172.30.98.229 \n", "172.30.98.229"),
                arguments(
                        "hostname -I with Docker and IPv6",
                        "172.30.98.229 172.17.0.1 172.18.0.1 fd00::1 \n",
                        "172.30.98.229 172.17.0.1 172.18.0.1 fd00::1"),
                arguments("one a line", "10.0.0.1\n10.0.0.2\n", "10.0.0.1 10.0.0.2"),
                arguments("tabs", "\t10.0.0.1\t10.0.0.2\t", "10.0.0.1 10.0.0.2"),
                arguments("one twice", "10.0.0.1 10.0.0.1", "10.0.0.1"),
                arguments("ip -4 -o addr show", """
                        2: eth0    inet 172.30.98.229/20 brd 172.30.111.255 scope global eth0\\ valid_lft forever
                        3: docker0    inet 172.17.0.1/16 brd 172.17.255.255 scope global docker0
                        """, "172.30.98.229 172.17.0.1"),
                arguments("ip addr, not -o", """
                        2: eth0: <BROADCAST,UP> mtu 1500
                            link/ether 00:15:5d:01:02:03 brd ff:ff:ff:ff:ff:ff
                            inet 172.30.98.229/20 brd 172.30.111.255 scope global eth0
                            inet6 fd00::5/64 scope global
                        """, "172.30.98.229 fd00::5"),
                arguments(
                        "ifconfig",
                        "        inet 172.30.98.229  netmask 255.255.240.0  broadcast 172.30.111.255\n",
                        "172.30.98.229"),
                arguments("ifconfig of BusyBox and of net-tools 1", """
                        eth0      Link encap:Ethernet  HWaddr 00:15:5D:00:00:01
                                  inet addr:172.30.98.229  Bcast:172.30.111.255  Mask:255.255.240.0
                                  inet6 addr: fd00::5/64 Scope:Global
                                  UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1
                        """, "172.30.98.229 fd00::5"),
                arguments("ip -br addr", """
                        lo         UNKNOWN  127.0.0.1/8 ::1/128
                        eth0@if5   UP       172.30.98.229/20 fd00::5/64
                        tun0       UP       10.8.0.2 peer 10.8.0.1/32
                        """, "127.0.0.1 ::1 172.30.98.229 fd00::5 10.8.0.2"),
                arguments(
                        "ip -c -4 -o addr",
                        "2: \u001b[36meth0    \u001b[0minet \u001b[35m172.30.98.229\u001b[0m/20 brd"
                                + " \u001b[35m172.30.111.255\u001b[0m scope global eth0\n",
                        "172.30.98.229"),
                arguments(
                        "ip -c -br addr",
                        "\u001b[36meth0\u001b[0m  \u001b[32mUP \u001b[0m  \u001b[35m172.30.98.229\u001b[0m/20 \n",
                        "172.30.98.229"),
                arguments("words around it", "address: 10.0.0.1 (eth0)", "10.0.0.1"),
                arguments("names", "localhost example.com wsl.exe", ""),
                arguments("BusyBox", "hostname: unrecognized option: I\nUsage: hostname [-sidf]\n", ""),
                arguments("numbers that are no address", "1 127.1 0x7f000001 010.0.0.1 1.2.3.4.5 1.2.3.256", ""),
                arguments("a MAC address", "00:15:5d:01:02:03", ""),
                arguments("nothing", "", ""),
                arguments("white space", " \n\t\n", ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outputs")
    void literalsAreFound(String what, String output, String found) {
        assertThat(AddressOutput.addresses(output))
                .as(what)
                .extracting(IpLiteral::text)
                .containsExactly(found.isEmpty() ? new String[0] : found.split(" "));
    }

    @Test
    void theRoutingTrieOfTheKernelGivesOnlyOwnAddresses() throws IOException {
        assertThat(AddressOutput.addresses(fibTrie()))
                .extracting(IpLiteral::text)
                .containsExactly("127.0.0.1", "172.30.98.229", "10.255.255.254");
    }

    @Test
    void theRoutingTrieCutDownByGrepGivesTheSame() throws IOException {
        List<String> lines = fibTrie().lines().toList();
        StringBuilder cut = new StringBuilder();
        for (int i = 1; i < lines.size(); i++) {
            if (lines.get(i).contains("LOCAL")) {
                cut.append(lines.get(i - 1)).append('\n').append(lines.get(i)).append("\n--\n");
            }
        }
        assertThat(AddressOutput.addresses(cut.toString())).isEqualTo(AddressOutput.addresses(fibTrie()));
    }

    private static String fibTrie() throws IOException {
        try (InputStream file = AddressOutputTest.class.getResourceAsStream("/wsl/fib_trie.txt")) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
