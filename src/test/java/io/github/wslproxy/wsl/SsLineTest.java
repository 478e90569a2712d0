package io.github.wslproxy.wsl;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.Protocol;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SsLineTest {
    private static final Map<Long, String> COMMANDS = Map.of(1234L, "node /home/u/app/node_modules/.bin/vite");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            tcp   LISTEN 0      511        127.0.0.1:5173       0.0.0.0:*    users:(("node",pid=1234,fd=21)) | TCP | 127.0.0.1  | 5173 | false
            tcp   LISTEN 0      128          0.0.0.0:22         0.0.0.0:*                                      | TCP | 0.0.0.0    | 22   | false
            tcp LISTEN 0 4096 *:8080 *:*                                                                       | TCP | ::         | 8080 | true
            tcp LISTEN 0 4096 [::]:8443 [::]:*                                                                 | TCP | ::         | 8443 | false
            tcp LISTEN 0 4096 [::1]:631 [::]:*                                                                 | TCP | ::1        | 631  | false
            tcp LISTEN 0 4096 :::80 :::*                                                                       | TCP | ::         | 80   | true
            tcp LISTEN 0 4096 [::ffff:127.0.0.1]:9000 *:*                                                      | TCP | 127.0.0.1  | 9000 | false
            udp   UNCONN 0      0      127.0.0.53%lo:53         0.0.0.0:*                                      | UDP | 127.0.0.53 | 53   | false
            udp UNCONN 0 0 [fe80::215:5dff:fe01:2]%eth0:546 [::]:*                                             | UDP | fe80::215:5dff:fe01:2 | 546 | false
            """)
    void eachSpellingOfAnAddressIsRead(String line, Protocol protocol, String address, int port, boolean dualStack) {
        assertThat(SsLine.parse(line, Map.of())).hasValueSatisfying(socket -> {
            assertThat(socket.protocol()).isEqualTo(protocol);
            assertThat(socket.address()).isEqualTo(ip(address));
            assertThat(socket.port()).isEqualTo(port);
            assertThat(socket.dualStack()).isEqualTo(dualStack);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Netid State  Recv-Q Send-Q Local Address:Port Peer Address:Port",
                "u_str LISTEN 0 128 /run/x.sock 1 * 0",
                "tcp LISTEN 0 128 0.0.0.0:99999 0.0.0.0:*",
                "tcp LISTEN 0 128 0.0.0.0:123456789012 0.0.0.0:*",
                "tcp LISTEN 0 128 example.org:80 0.0.0.0:*",
                "Cannot open netlink socket: Address family not supported by protocol"
            })
    void whatIsNoListenerIsNone(String line) {
        assertThat(SsLine.parse(line, COMMANDS)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            users:(("node",pid=1234,fd=21),("node",pid=1235,fd=21)) | node /home/u/app/node_modules/.bin/vite
            users:(("puma 6.4 (tcp)",pid=7,fd=5))                   | puma 6.4 (tcp)
            ''                                                      | ''
            """)
    void theCommandIsThatOfTheProcessOrElseItsName(String users, String command) {
        assertThat(SsLine.parse("tcp LISTEN 0 511 127.0.0.1:5173 0.0.0.0:* " + users, COMMANDS)
                        .map(GuestSocket::command))
                .isEqualTo(Optional.of(command));
    }

    @Test
    void aSocketHearsWhatItsAddressCovers() {
        GuestSocket dual = new GuestSocket(Protocol.TCP, ip("::"), 80, true, "");
        GuestSocket onlySix = new GuestSocket(Protocol.TCP, ip("::"), 80, false, "");
        GuestSocket any = new GuestSocket(Protocol.TCP, ip("0.0.0.0"), 80, false, "");
        GuestSocket local = new GuestSocket(Protocol.TCP, ip("127.0.0.1"), 80, false, "");

        assertThat(dual.hears(ip("172.30.98.229"))).isTrue();
        assertThat(dual.hears(ip("fd00::1"))).isTrue();
        assertThat(onlySix.hears(ip("172.30.98.229"))).isFalse();
        assertThat(onlySix.hears(ip("fd00::1"))).isTrue();
        assertThat(any.hears(ip("172.30.98.229"))).isTrue();
        assertThat(any.hears(ip("fd00::1"))).isFalse();
        assertThat(local.hears(ip("127.0.0.1"))).isTrue();
        assertThat(local.hears(ip("172.30.98.229"))).isFalse();
    }
}
