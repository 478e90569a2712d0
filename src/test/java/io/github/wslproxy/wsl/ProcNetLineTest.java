package io.github.wslproxy.wsl;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.Protocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProcNetLineTest {
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
        assertThat(ProcNetLine.parse(line)).hasValue(new GuestSocket(protocol, ip(address), port, dualStack));
    }

    @Test
    void aLineWithoutTheNameOfItsFileIsReadAsOneOfTheGivenTable() {
        String line = "  77: 3500007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 1 2";

        assertThat(ProcNetLine.parse(Protocol.UDP, line))
                .hasValue(new GuestSocket(Protocol.UDP, ip("127.0.0.53"), 53, false));
        assertThat(ProcNetLine.parse(Protocol.TCP, line)).isEmpty();
        assertThat(ProcNetLine.parse(line)).isEmpty();
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
        assertThat(ProcNetLine.parse(line)).isEmpty();
    }
}
