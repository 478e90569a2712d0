package io.github.wslproxy.wsl;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProcNetTablesTest {
    private static final Path CAT = Path.of("src/test/resources/wsl/proc_net.txt");

    @Test
    void theFourTablesOneAfterTheOtherAreToldApart() throws IOException {
        ProcNetTables tables = new ProcNetTables(Files.readString(CAT));

        assertThat(tables.before()).isEqualTo("172.30.98.229 172.17.0.1 \n");
        assertThat(tables.sockets().orElseThrow())
                .extracting(
                        socket -> socket.protocol() + " " + socket.where() + (socket.dualStack() ? " and IPv4" : ""))
                .containsExactly(
                        "tcp 0.0.0.0:2024",
                        "tcp 127.0.0.1:27946",
                        "tcp 172.30.98.229:80",
                        "tcp 127.0.0.1:24780",
                        "tcp [::]:5173 and IPv4",
                        "udp 127.0.0.1:21202",
                        "udp 0.0.0.0:5353",
                        "udp [::]:48691 and IPv4");
    }

    @Test
    void theOrderOfTheTablesDoesNotMatter() throws IOException {
        String all = Files.readString(CAT);
        int udp = all.indexOf("   sl  local_address");

        ProcNetTables turned = new ProcNetTables(all.substring(udp) + all.substring(0, udp));

        assertThat(turned.sockets().orElseThrow())
                .containsExactlyInAnyOrderElementsOf(
                        new ProcNetTables(all).sockets().orElseThrow());
    }

    @Test
    void withoutHeadingsThereIsNoTable() {
        String entry = "   0: 00000000:07E8 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 1598 1\n";

        assertThat(new ProcNetTables("172.30.98.229\n" + entry).sockets()).isEmpty();
    }

    @Test
    void aTableInWhichNobodyListensIsATable() {
        String headings =
                "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\r\n";

        assertThat(new ProcNetTables(headings).sockets().orElseThrow()).isEmpty();
        assertThat(new ProcNetTables(
                                headings
                                        + " 0: 00000000:07E8 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 1 1\r\n")
                        .sockets()
                        .orElseThrow())
                .singleElement()
                .extracting(GuestSocket::protocol, GuestSocket::port)
                .containsExactly(Protocol.TCP, 2024);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            /proc/net/tcp:   0: 00000000:07E8 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 1598 1, TCP, 0.0.0.0, 2024, false
            /proc/net/tcp:   1: 0100007F:1435 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 1 1, TCP, 127.0.0.1, 5173, false
            /proc/net/tcp:  12: E5621EAC:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 1 1, TCP, 172.30.98.229, 80, false
            /proc/net/tcp6:   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 0:0 0, TCP, ::, 8080, true
            /proc/net/tcp6:   0: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 0:0 0, TCP, ::1, 8080, false
            /proc/net/tcp6:   0: B80D01200000000000000000EFBE0000:0016 00000000000000000000000000000000:0000 0A 0:0 0, TCP, 2001:db8::beef, 22, false
            /proc/net/tcp6:   0: 0000000000000000FFFF00000100007F:0016 00000000000000000000000000000000:0000 0A 0:0 0, TCP, 127.0.0.1, 22, false
            /proc/net/udp:  77: 3500007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 1 2, UDP, 127.0.0.53, 53, false
            """)
    void listenersAreRead(String line, Protocol protocol, String address, int port, boolean dualStack) {
        assertThat(ProcNetTables.listener(line)).hasValue(new GuestSocket(protocol, ip(address), port, dualStack));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
                "/proc/net/tcp:   0: 0100007F:1435 0100007F:A2B4 01 00000000:00000000 00:00000000 00000000 0 0 1 1",
                "/proc/net/tcp:   0: 0100007F:1435 00000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 1 1",
                "/proc/net/udp:   0: 0100007F:1435 0100007F:A2B4 01 00000000:00000000 00:00000000 00000000 0 0 1 1",
                "/proc/net/tcp:   0: 0100007F:14 00000000:0000 0A 0",
                "/proc/net/unix: x",
                ""
            })
    void otherSocketsAreLeftOut(String line) {
        assertThat(ProcNetTables.listener(line)).isEmpty();
    }
}
