package io.github.wslproxy.wsl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.wslproxy.os.OperatingSystem;
import io.github.wslproxy.target.WslSettings.OnStopped;
import io.github.wslproxy.testing.LoopbackVm;
import io.github.wslproxy.wsl.WslProbe.Depth;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code [wsl] command} over real processes. */
@ExtendWith(LoopbackVm.class)
class WslProbesTest {

    @ParameterizedTest
    @CsvSource({
        "echo 127.0.0.2, WSL is at 127.0.0.2",
        "echo, WSL is stopped",
        "true, WSL is stopped",
        "echo 127.0.0.2; exit 1, Asking WSL failed",
        "echo localhost, Asking WSL failed",
        "yes 127.0.0.2, Asking WSL failed: killed",
        "echo 127.0.0.2; sleep 1000, Asking WSL failed: no answer within 2s",
    })
    void anOutcomeIsWhatTheTableSays(String script, String summary) {
        assumeFalse(OperatingSystem.isWindows(), "the commands are those of /bin/sh");
        WslProbe probe = probe("sh", "-c", script);

        assertThat(probe.probe(Depth.FULL).summary()).startsWith(summary);
    }

    @Test
    void aCommandThatDoesNotExistIsAFailureWithAdvice() {
        WslProbe probe = probe("no-such-program");

        assertThat(probe.probe(Depth.FULL).summary())
                .startsWith("Asking WSL failed: ")
                .endsWith("correct [wsl] command in proxy.toml: its first word is the program to run");
    }

    private static WslProbe probe(String... command) {
        return WslProbes.of(Samples.settings(OnStopped.REFUSE, command), Optional::empty, () -> false, false);
    }
}
