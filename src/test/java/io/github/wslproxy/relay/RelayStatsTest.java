package io.github.wslproxy.relay;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.testing.Forwards;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class RelayStatsTest {
    private static final Forward WEB = Forwards.tcp().listen("*", 80).toWsl(80).named("web");
    private static final Refusal DENIED = Refusal.denied(ip("192.168.1.8"), WEB);

    private int open = 3;
    private final RelayStats counters = new RelayStats(() -> open, InetAddress::isLoopbackAddress);

    @Test
    void eachThingIsCountedForItself() {
        counters.countAccepted();
        counters.countAccepted();
        counters.noteRefused(from("192.168.1.7"), Refusal.stopping());
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
        counters.noteError(() -> "first");
        counters.noteError(() -> "second");
        assertThat(counters.lastError().map(RelayStats.LastError::text)).contains("second");
    }

    @Test
    void theNewestClientFromAnotherComputerIsKeptAndNoneFromThisOne() {
        assertThat(counters.lastClient()).isEmpty();
        counters.noteClient(from("192.168.1.7"));
        counters.noteRefused(from("192.168.1.8"), DENIED);
        counters.noteClient(from("127.0.0.1"));
        counters.noteRefused(new InetSocketAddress(ip("127.0.0.1"), 50_002), DENIED);

        assertThat(counters.lastClient()).hasValueSatisfying(client -> {
            assertThat(client.address()).isEqualTo(ip("192.168.1.8"));
            assertThat(client.refusal()).contains(DENIED);
        });
        assertThat(counters.lastOwnClient().map(RelayStats.OwnClient::address)).contains(from("127.0.0.1"));
    }

    @Test
    void aRefusalCountsAndIsTheLastErrorWithItsCode() {
        counters.noteRefused(from("192.168.1.8"), Refusal.forwardLimit(WEB, Protocol.TCP));

        assertThat(counters.refused()).isOne();
        assertThat(counters.lastError()).hasValueSatisfying(error -> {
            assertThat(error.client()).contains(from("192.168.1.8"));
            assertThat(error.refusal()).map(Refusal::code).contains(RefusalCode.FORWARD_LIMIT);
            assertThat(error.text())
                    .isEqualTo(Refusal.forwardLimit(WEB, Protocol.TCP).text());
            assertThat(error.servedSince()).isEmpty();
        });
    }

    @Test
    void whatWentWrongIsOverWhenAnyClientIsServedAndOnlyTheFirstTellsWhen() {
        counters.noteServed(ip("192.168.1.7"));
        counters.noteRefused(from("192.168.1.8"), Refusal.forwardLimit(WEB, Protocol.TCP));
        assertThat(counters.lastError().orElseThrow().servedSince()).isEmpty();
        counters.noteServed(ip("192.168.1.7"));
        RelayStats.LastError over = counters.lastError().orElseThrow();
        assertThat(over.servedSince()).isPresent();
        counters.noteServed(ip("192.168.1.7"));
        assertThat(counters.lastError()).containsSame(over);

        counters.noteError(() -> "again");
        assertThat(counters.lastError().orElseThrow().servedSince()).isEmpty();
    }

    @Test
    void whatBefallsOneClientIsNotOverWhenAnotherIsServed() {
        counters.noteRefused(from("192.168.1.8"), Refusal.notAllowed(ip("192.168.1.8"), WEB));
        counters.noteServed(ip("192.168.1.7"));
        assertThat(counters.lastError().orElseThrow().servedSince()).isEmpty();
        counters.noteServed(ip("192.168.1.8"));
        assertThat(counters.lastError().orElseThrow().servedSince()).isPresent();
    }

    private static InetSocketAddress from(String address) {
        return new InetSocketAddress(ip(address), 50_001);
    }
}
