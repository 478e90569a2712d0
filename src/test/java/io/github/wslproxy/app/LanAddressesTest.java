package io.github.wslproxy.app;

import static io.github.wslproxy.testing.Forwards.block;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LanAddressesTest {
    @Test
    void theSystemIsAskedEveryFiveSecondsAtMost() {
        AtomicInteger asked = new AtomicInteger();
        AtomicLong now = new AtomicLong();
        LanAddresses lan = new LanAddresses(() -> List.of(block("10.0.0." + asked.incrementAndGet(), 8)), now::get);

        assertThat(lan.addresses()).containsExactly(block("10.0.0.1", 8));
        now.set(Duration.ofMillis(4999).toNanos());
        assertThat(lan.addresses()).containsExactly(block("10.0.0.1", 8));
        now.set(Duration.ofSeconds(5).toNanos());
        assertThat(lan.addresses()).containsExactly(block("10.0.0.2", 8));
    }
}
