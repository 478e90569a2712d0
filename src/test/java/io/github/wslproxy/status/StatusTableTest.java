package io.github.wslproxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StatusTableTest {
    @Test
    void showsTheTargetAndEveryForward() {
        String table = StatusTable.of(StatusSamples.of(StatusSamples.listening("vite"), StatusSamples.failed("game")));

        assertThat(table)
                .contains("wslproxy 0.1.0", "Running for 1 h 2 min.", "172.30.98.229", "2026-11-22T01:02:03Z")
                .contains("vite", "0.0.0.0:5173<br>[::]:5173", "172.30.98.229:5173", "4.0 KiB", "4.7 GiB")
                .contains("game", "failed", "8.0 EiB");
    }

    @Test
    void everyTextIsEscaped() {
        String forward = StatusTable.of(StatusSamples.of(StatusSamples.failed(StatusSamples.NASTY)));
        String program = StatusTable.of(StatusSamples.inState(StatusSamples.NASTY, StatusSamples.NASTY));

        assertThat(forward + program)
                .doesNotContain("<script", "alert('", "a\"b")
                .contains("a&quot;b\\c", "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;", "é漢😀");
        assertThat(occurrences(forward, "&lt;script&gt;")).isEqualTo(7);
        assertThat(occurrences(program, "&lt;script&gt;")).isEqualTo(6);
    }

    private static int occurrences(String text, String part) {
        return text.split(part, -1).length - 1;
    }
}
