package io.github.wslproxy.bench.compare.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ProcessTreeTest {
    /** The name of a process may hold blanks and parentheses. */
    private static final String STAT = "4711 (a (b) c) S 1 4711 4711 0 -1 4194304 300 40 0 0 12 34 500 600 20 0 1 0 99";

    @Test
    void timesOfEndedChildrenAreApart() {
        assertThat(ProcessTree.ticks(STAT, 2)).isEqualTo(46);
        assertThat(ProcessTree.ticks(STAT, 4)).isEqualTo(1146);
    }
}
