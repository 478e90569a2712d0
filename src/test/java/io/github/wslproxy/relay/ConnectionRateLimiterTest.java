package io.github.wslproxy.relay;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.FakeTime;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectionRateLimiterTest {
    private static final LocalAddresses OWN = new LocalAddresses(() -> Set.of(ip("192.168.1.7")), System::nanoTime);
    private static final ClientKey PHONE = ClientKey.of(ip("192.168.1.50"), OWN);
    private static final ClientKey TABLET = ClientKey.of(ip("192.168.1.51"), OWN);

    private final FakeTime time = new FakeTime();
    private final ConnectionRateLimiter rate = new ConnectionRateLimiter(100, time::nanoTime);

    @AfterEach
    void end() {
        time.shutdownNow();
    }

    @Test
    void aSecondsWorthMayComeAtOnceAndThenSoManyASecond() {
        assertThat(admitted(PHONE, 500)).isEqualTo(100);
        time.pass(Duration.ofMillis(9));
        assertThat(admitted(PHONE, 500)).isZero();
        time.pass(Duration.ofMillis(1));
        assertThat(admitted(PHONE, 500)).isEqualTo(1);
        time.pass(Duration.ofMillis(500));
        assertThat(admitted(PHONE, 500)).isEqualTo(50);
        time.pass(Duration.ofHours(5));
        assertThat(admitted(PHONE, 500)).isEqualTo(100);
        assertThat(rate.refused()).isEqualTo(5 * 500 - 251);
    }

    @Test
    void whoStaysBelowIsNeverRefused() {
        for (int i = 0; i < 2000; i++) {
            assertThat(rate.take(PHONE)).isTrue();
            time.pass(Duration.ofMillis(10));
        }
    }

    @Test
    void oneClientsFloodDoesNotTouchAnother() {
        admitted(PHONE, 1000);

        assertThat(admitted(TABLET, 100)).isEqualTo(100);
    }

    @Test
    void addressesOfOneIpv6NetworkAreOneSource() throws UnknownHostException {
        int admitted = 0;
        for (int i = 0; i < 500; i++) {
            byte[] address = ip("2001:db8::").getAddress();
            address[14] = (byte) (i >> 8);
            address[15] = (byte) i;
            admitted += rate.take(ClientKey.of(InetAddress.getByAddress(address), OWN)) ? 1 : 0;
        }

        assertThat(admitted).isEqualTo(100);
        assertThat(rate.sources()).isEqualTo(1);
    }

    @Test
    void thisComputerIsExempt() {
        assertThat(admitted(ClientKey.of(ip("127.0.0.1"), OWN), 1000)).isEqualTo(1000);
        assertThat(admitted(ClientKey.of(ip("::1"), OWN), 1000)).isEqualTo(1000);
        assertThat(admitted(ClientKey.of(ip("192.168.1.7"), OWN), 1000)).isEqualTo(1000);
        assertThat(rate.sources()).isZero();
    }

    @Test
    void zeroIsOffAndAnEditTakesEffectAtOnce() {
        admitted(PHONE, 1000);
        rate.limit(0);
        assertThat(admitted(PHONE, 1000)).isEqualTo(1000);

        rate.limit(10);
        time.pass(Duration.ofSeconds(1));
        assertThat(admitted(PHONE, 1000)).isEqualTo(10);

        rate.limit(1_000_000);
        time.pass(Duration.ofSeconds(1));
        assertThat(admitted(PHONE, 1_000_001)).isEqualTo(1_000_000);
    }

    @Test
    void theTableIsBoundedAndWhoFindsNoPlaceInItSharesOne() {
        for (int i = 0; i < ConnectionRateLimiter.MOST_SOURCES; i++) {
            assertThat(rate.take(source(i))).isTrue();
        }
        int admitted = 0;
        for (int i = 0; i < 10_000; i++) {
            admitted += rate.take(source(ConnectionRateLimiter.MOST_SOURCES + i)) ? 1 : 0;
        }
        assertThat(admitted).isEqualTo(100);
        assertThat(rate.sources()).isEqualTo(ConnectionRateLimiter.MOST_SOURCES);
        assertThat(admitted(source(0), 1000)).as("who was there before").isEqualTo(99);

        time.pass(Duration.ofSeconds(2));
        assertThat(admitted(source(1_000_000), 1000)).isEqualTo(100);
        assertThat(rate.sources())
                .as("whoever has not come for a second is forgotten")
                .isEqualTo(1);
    }

    @Test
    void severalThreadsTogetherGetNoMore() throws Exception {
        AtomicInteger admitted = new AtomicInteger();
        CountDownLatch ready = new CountDownLatch(4);
        Thread[] threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(() -> {
                ready.countDown();
                try {
                    ready.await(10, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                admitted.addAndGet(admitted(PHONE, 1000));
            });
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(admitted).hasValue(100);
    }

    private int admitted(ClientKey client, int tries) {
        int admitted = 0;
        for (int i = 0; i < tries; i++) {
            admitted += rate.take(client) ? 1 : 0;
        }
        return admitted;
    }

    private static ClientKey source(int number) {
        return ClientKey.of(
                ip("10." + (number >> 16 & 0xff) + "." + (number >> 8 & 0xff) + "." + (number & 0xff)), OWN);
    }
}
