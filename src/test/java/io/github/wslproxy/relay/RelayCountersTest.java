package io.github.wslproxy.relay;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class RelayCountersTest {
    private int open = 3;
    private final RelayCounters counters = new RelayCounters(() -> open, InetAddress::isLoopbackAddress);

    @Test
    void eachThingIsCountedForItself() {
        counters.countAccepted();
        counters.countAccepted();
        counters.countRefused();
        counters.countBytesIn(5_000_000_000L);
        counters.countBytesIn(1);
        counters.countBytesOut(7);

        assertThat(counters.accepted()).isEqualTo(2);
        assertThat(counters.refused()).isEqualTo(1);
        assertThat(counters.bytesIn()).isEqualTo(5_000_000_001L);
        assertThat(counters.bytesOut()).isEqualTo(7);
    }

    @Test
    void whatIsOpenIsAskedForAtThatMoment() {
        assertThat(counters.open()).isEqualTo(3);
        open = 0;
        assertThat(counters.open()).isZero();
    }

    @Test
    void theNewestErrorIsKept() {
        assertThat(counters.lastError()).isEmpty();
        counters.noteError("first");
        counters.noteError("second");
        assertThat(counters.lastError().map(RelayCounters.LastError::text)).contains("second");
    }

    @Test
    void theNewestClientFromAnotherComputerIsKeptAndNoneFromThisOne() {
        assertThat(counters.lastClient()).isEmpty();
        counters.noteClient(from("192.168.1.7"), "");
        counters.noteClient(from("192.168.1.8"), "it is not allowed");
        counters.noteClient(from("127.0.0.1"), "");
        counters.noteClient(new InetSocketAddress(ip("127.0.0.1"), 50_002), "it is not allowed");

        assertThat(counters.lastClient()).hasValueSatisfying(client -> {
            assertThat(client.address()).isEqualTo(ip("192.168.1.8"));
            assertThat(client.refusal()).isEqualTo("it is not allowed");
        });
        assertThat(counters.lastOwnClient().map(RelayCounters.OwnClient::address))
                .contains(from("127.0.0.1"));
    }

    private static InetSocketAddress from(String address) {
        return new InetSocketAddress(ip(address), 50_001);
    }
}
