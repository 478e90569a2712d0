package io.github.wslproxy.wsl;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

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
}
