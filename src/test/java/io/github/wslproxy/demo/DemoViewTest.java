package io.github.wslproxy.demo;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DemoViewTest {
    private static final DemoClient NOBODY = () -> {
        throw new IOException("nobody is asked here");
    };
    private static final List<Watched> CLIENTS =
            List.of(new Watched("web", 8080, NOBODY), new Watched("game", 27015, NOBODY));

    private final StringWriter text = new StringWriter();
    private final DemoView lines = DemoView.on(new PrintWriter(text), false);
    private final DemoView table = DemoView.on(new PrintWriter(text), true);

    @Test
    void inAPipeThereAreNoEscapesAndOnlyWhatHappens() {
        lines.begin(CLIENTS, Optional.of(ip("192.168.1.7")));
        lines.now(Duration.ofMillis(200), "127.0.0.2", CLIENTS);
        lines.event(Duration.ofMillis(3260), "the VM is at 127.0.0.2");
        lines.end(2, List.of());

        assertThat(shown()).hasSize(4).doesNotContain("127.0.0.2 ");
        assertThat(text.toString()).doesNotContain("\u001b");
        assertThat(shown().get(1)).contains("http://192.168.1.7:8080/");
        assertThat(shown().get(2)).isEqualTo("  3.3 s  the VM is at 127.0.0.2");
        assertThat(shown().get(3)).startsWith("Held:").contains("every move (2)");
    }

    @Test
    void withoutALanThatIsSaidInsteadOfAUrl() {
        lines.begin(CLIENTS, Optional.empty());

        assertThat(text.toString()).contains("no LAN address").doesNotContain("http://");
    }

    @Test
    void eachCheckThatDidNotHoldIsALine() {
        lines.end(3, List.of("web did not follow", "game did not follow"));

        assertThat(shown()).containsExactly("Broken: web did not follow", "Broken: game did not follow");
    }

    @Test
    void onATerminalTheTableIsDrawnOverItself() {
        table.now(Duration.ZERO, "127.0.0.2", CLIENTS);
        int height = shown().size();
        table.now(Duration.ofSeconds(1), "restarting", CLIENTS);

        assertThat(height).isEqualTo(4);
        assertThat(text.toString()).containsOnlyOnce("\u001b[" + height + "A");
        assertThat(shown().get(height)).startsWith("\u001b[4A").contains("VM: restarting   (1.0 s)");
        assertThat(shown()).allMatch(line -> line.contains("\u001b[2K"));
    }

    @Test
    void theTableHasARowForEachClient() {
        table.now(Duration.ZERO, "127.0.0.2", CLIENTS);

        assertThat(shown().get(2)).matches(".*web +8080 +- +- +0");
        assertThat(shown().get(3)).matches(".*game +27015 +- +- +0");
    }

    @Test
    void theTableKeepsTheLastEventsBelowIt() {
        for (int i = 1; i <= 7; i++) {
            table.event(Duration.ofSeconds(i), "event " + i);
        }
        table.now(Duration.ofSeconds(8), "127.0.0.2", CLIENTS);

        assertThat(shown().subList(4, shown().size()))
                .hasSize(5)
                .first()
                .asString()
                .endsWith("3.0 s  event 3");
        assertThat(shown()).last().asString().endsWith("7.0 s  event 7");
    }

    @Test
    void secondsHaveATenthInEveryLanguage() {
        assertThat(DemoView.seconds(Duration.ofMillis(1234))).isEqualTo("1.2 s");
    }

    private List<String> shown() {
        return text.toString().replaceAll("\u001b\\[\\?7[hl]", "").lines().toList();
    }
}
