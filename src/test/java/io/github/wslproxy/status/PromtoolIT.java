package io.github.wslproxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The metrics, read by the parser and the rules of Prometheus itself. */
class PromtoolIT {
    @ParameterizedTest
    @ValueSource(strings = {"vite", StatusSamples.NASTY, ""})
    void prometheusReadsThemAndHasNoComplaint(String name) throws Exception {
        Assumptions.assumeTrue(isThere(), "needs promtool (apt-get install prometheus)");
        String text = StatusMetrics.of(
                        StatusSamples.of(StatusSamples.listening(name), StatusSamples.failed("game")), null)
                .text();

        Process promtool = new ProcessBuilder("promtool", "check", "metrics")
                .redirectErrorStream(true)
                .start();
        promtool.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        promtool.getOutputStream().close();
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(promtool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(said).isEmpty();
        assertThat(promtool.exitValue()).isZero();
    }

    private static boolean isThere() {
        try {
            return new ProcessBuilder("promtool", "--version").start().waitFor() == 0;
        } catch (IOException missing) {
            return false;
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
