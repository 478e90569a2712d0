package io.github.wslproxy.relay.udp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class KeptDatagramsTest {
    private final AtomicInteger inAll = new AtomicInteger();
    private final KeptDatagrams kept = new KeptDatagrams(inAll);

    @Test
    void theNewestEightAreKeptInOrder() {
        for (int i = 0; i < 12; i++) {
            assertThat(kept.keep(datagram(i + 1))).isEqualTo(i < 8);
        }

        assertThat(sizes()).containsExactly(5, 6, 7, 8, 9, 10, 11, 12);
        assertThat(inAll).hasValue(0);
    }

    @Test
    void oneOfAnySizeIsKeptAndTakesThePlaceOfOlderOnes() {
        assertThat(kept.keep(datagram(65_000))).isTrue();
        assertThat(kept.keep(datagram(500))).isTrue();
        assertThat(kept.keep(datagram(65_527))).isFalse();
        assertThat(kept.keep(datagram(9))).isTrue();

        assertThat(sizes()).containsExactly(65_527, 9);
    }

    @Test
    void whatAllSessionsKeepTogetherIsBoundedThoughTheirDatagramsAreEmpty() {
        List<KeptDatagrams> sessions = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            sessions.add(new KeptDatagrams(inAll));
            sessions.get(i).keep(datagram(0));
        }
        assertThat(sessions.stream().filter(each -> !each.isEmpty())).hasSize(4096);
        assertThat(inAll.get()).isLessThanOrEqualTo(256 * 1024);

        assertThat(sessions.get(0).clear()).isOne();
        assertThat(kept.keep(datagram(0))).isTrue();
        kept.clear();
        sessions.forEach(KeptDatagrams::clear);
        assertThat(inAll).hasValue(0);
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
