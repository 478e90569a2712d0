package io.github.wslproxy.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class OrderTest {
    @Test
    void roundsTurnAndMirror() {
        List<String> all = List.of("A", "B", "C");

        assertThat(Order.of(all, 0)).containsExactly("A", "B", "C");
        assertThat(Order.of(all, 1)).containsExactly("C", "B", "A");
        assertThat(Order.of(all, 2)).containsExactly("B", "C", "A");
        assertThat(Order.of(all, 3)).containsExactly("A", "C", "B");
    }
}
