package io.github.wslproxy.relay.udp;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.relay.ClientKey;
import io.github.wslproxy.relay.FairQuota;
import io.github.wslproxy.relay.LocalAddresses;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldDatagramsTest {
    private static final LocalAddresses OWN = new LocalAddresses();

    private static final Duration LONG = Duration.ofMinutes(1);

    private static final int SIZE = 2 << 20;

    private final FairQuota inAll = FairQuota.ofBytes(SIZE);
    private final HeldDatagrams kept = new HeldDatagrams(inAll, client(0));

    @Test
    void theNewestEightAreKeptInOrder() {
        for (int i = 0; i < 12; i++) {
            assertThat(kept.keep(datagram(i + 1), 0, LONG)).isEqualTo(i < 8);
        }

        assertThat(sizes()).containsExactly(5, 6, 7, 8, 9, 10, 11, 12);
        assertThat(inAll.used()).isZero();
    }

    @Test
    void oneOfAnySizeIsKeptAndTakesThePlaceOfOlderOnes() {
        assertThat(kept.keep(datagram(65_000), 0, LONG)).isTrue();
        assertThat(kept.keep(datagram(500), 0, LONG)).isTrue();
        assertThat(kept.keep(datagram(65_527), 0, LONG)).isFalse();
        assertThat(kept.keep(datagram(9), 0, LONG)).isTrue();

        assertThat(sizes()).containsExactly(65_527, 9);
    }

    @Test
    void whatAllSessionsKeepTogetherIsBoundedThoughTheirDatagramsAreEmpty() {
        List<HeldDatagrams> sessions = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            sessions.add(new HeldDatagrams(inAll, client(i)));
            sessions.get(i).keep(datagram(0), 0, LONG);
        }
        assertThat(inAll.used()).isBetween(SIZE / 2, SIZE);

        sessions.forEach(HeldDatagrams::clear);
        assertThat(inAll.used()).isZero();
        assertThat(kept.keep(datagram(0), 0, LONG)).isTrue();
    }

    @Test
    void aClientThatWantsAllLeavesRoomForAnother() {
        List<HeldDatagrams> greedy = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            greedy.add(new HeldDatagrams(inAll, client(1)));
            greedy.get(i).keep(datagram(65_000), 0, LONG);
        }
        assertThat(inAll.used()).isLessThan(SIZE / 10);

        assertThat(new HeldDatagrams(inAll, client(2)).keep(datagram(65_000), 0, LONG))
                .isTrue();
    }

    @Test
    void fiveHundredClientsThatWantAllLeaveRoomForAQuestionOfAnother() {
        for (int i = 0; i < 500; i++) {
            for (int size = 65_000; size > 1; size /= 2) {
                new HeldDatagrams(inAll, client(i)).keep(datagram(size), 0, LONG);
            }
        }

        assertThat(new HeldDatagrams(inAll, client(1001)).keep(datagram(400), 0, LONG))
                .isTrue();
    }

    @Test
    void theLastQuestionTakesThePlaceOfOlderOnesWhereTheShareIsUsedUp() {
        HeldDatagrams before = new HeldDatagrams(inAll, client(0));
        before.keep(datagram(3000), 0, LONG);
        for (int i = 0; i < 20; i++) {
            new HeldDatagrams(inAll, client(0)).keep(datagram(10_000), 0, LONG);
        }
        for (int size = 100; size < 4000; size += 100) {
            new HeldDatagrams(inAll, client(0)).keep(datagram(size), 0, LONG);
        }

        assertThat(before.keep(datagram(2999), 0, LONG)).isFalse();

        assertThat(before.poll()).isNotNull().hasSize(2999);
    }

    private static ClientKey client(int number) {
        InetAddress address = ip("10.1." + (number >> 8) + "." + (number & 0xff));
        return ClientKey.of(address, OWN);
    }

    private List<Integer> sizes() {
        List<Integer> sizes = new ArrayList<>();
        for (byte[] oldest = kept.poll(); oldest != null; oldest = kept.poll()) {
            sizes.add(oldest.length);
        }
        return sizes;
    }

    private static ByteBuffer datagram(int size) {
        return ByteBuffer.wrap(new byte[size]);
    }
}
