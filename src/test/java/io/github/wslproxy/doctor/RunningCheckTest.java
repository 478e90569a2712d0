package io.github.wslproxy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.doctor.Finding.FindingState;
import io.github.wslproxy.status.StatusAnswer;
import io.github.wslproxy.status.StatusSamples;
import io.github.wslproxy.windows.task.Autostart;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunningCheckTest {
    private final FakeEnvironment computer = new FakeEnvironment();

    @ParameterizedTest
    @CsvSource({
        "TASK, true, wslproxy start",
        "DISABLED_TASK, true, wslproxy start",
        "RUN_KEY, true, wslproxy start",
        "TASK, false, wslproxy --config proxy.toml",
        "NONE, true, wslproxy --config proxy.toml"
    })
    void aProxyThatDoesNotRunIsStartedWithThisConfiguration(
            Autostart.AutostartState state, boolean installed, String start) throws Exception {
        computer.proxy.status = Optional.of(new StatusAnswer.Nobody());
        computer.autostart = state;
        computer.installed = installed;

        assertThat(computer.finding(ChainLink.RUNNING).cure()).isEqualTo(start);
    }

    @Test
    void aProxyWithAnotherConfigurationIsSeen() throws Exception {
        computer.proxy.status = Optional.of(new StatusAnswer.Running(
                StatusSamples.withProcess(StatusSamples.of(), 7, Optional.empty(), Duration.ofSeconds(3)), ""));

        assertThat(computer.finding(ChainLink.RUNNING))
                .isEqualTo(Finding.broken(
                                ChainLink.RUNNING,
                                "wslproxy 0.1.0, pid 7 runs with another configuration: \"vite\" is not in it, or not as"
                                        + " the file has it now",
                                "wslproxy start")
                        .noting("two at once need a listen of their own in [status]; otherwise end pid 7"));
        assertThat(computer.state(ChainLink.LISTENING)).isEqualTo(FindingState.SKIPPED);

        computer.pid = Optional.of(4711L);
        assertThat(computer.state(ChainLink.RUNNING)).isEqualTo(FindingState.NOT_KNOWN);
        assertThat(computer.seen(ChainLink.RUNNING))
                .startsWith("wslproxy, pid 4711; the status address is that of another one, pid 7");
    }

    @Test
    void withoutAStatusAddressNothingIsKnownOfTheProxy() throws Exception {
        computer.config += "[status]\nlisten = \"off\"\n";

        assertThat(computer.state(ChainLink.RUNNING)).isEqualTo(FindingState.NOT_KNOWN);
        assertThat(computer.state(ChainLink.LISTENING)).isEqualTo(FindingState.SKIPPED);

        computer.pid = Optional.of(4711L);
        assertThat(computer.finding(ChainLink.RUNNING))
                .isEqualTo(Finding.ok(
                        ChainLink.RUNNING, "wslproxy, pid 4711; [status] listen is off, so it tells no more"));
    }
}
