package io.github.wslproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.status.StatusSamples;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusViewAtStartTest {
    private static Snapshot snapshot(String state, String onStopped, Snapshot.ForwardView... forwards) {
        return StatusSamples.of(
                new Snapshot.Target(state, "", Instant.EPOCH, "it printed nothing", onStopped, Duration.ofSeconds(8)),
                forwards);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "down | refuse | WSL is stopped; new clients are refused until it is back (it printed nothing).",
                "down | hold | WSL is stopped; new clients wait up to 8s for it (it printed nothing).",
                "down | wake | WSL is stopped; a new client starts it, and waits up to 8s for it (it printed nothing).",
                "unknown | hold | WSL's address is not known; new clients wait up to 8s for it (it printed nothing).",
            })
    void whereWslIsStoppedItSaysWhatNewClientsGet(String state, String onStopped, String expected) {
        assertThat(StatusView.whereWslIs(snapshot(state, onStopped, StatusSamples.listening("vite"))))
                .isEqualTo(expected);
    }

    @Test
    void nothingIsSaidOfClientsWhereNoForwardLeadsToWsl() {
        assertThat(StatusView.whereWslIs(snapshot("down", "hold"))).isEqualTo("WSL is stopped (it printed nothing).");
    }

    @Test
    void whereNothingIsForwardedThereIsNoEmptyTable() {
        assertThat(StatusView.started(StatusSamples.of(), Optional.empty()))
                .contains("Nothing is forwarded now.")
                .noneMatch(line -> line.startsWith("FORWARD"));
    }

    @Test
    void aForwardWithoutALanUrlSaysWhy() {
        Snapshot.ForwardView hidden = StatusSamples.unreachable("db", "it listens on 127.0.0.1:1 only");

        assertThat(StatusView.started(StatusSamples.of(hidden), Optional.empty()))
                .contains("db has no LAN URL: it listens on 127.0.0.1:1 only.");
    }
}
