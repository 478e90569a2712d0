package io.github.wslproxy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.config.Settings.StatusSettings;
import io.github.wslproxy.doctor.PhoneTest.PhoneOutcome;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.status.SampleForward;
import io.github.wslproxy.status.Snapshot.ForwardState;
import io.github.wslproxy.status.Snapshot.LastClient;
import io.github.wslproxy.status.StatusAnswer;
import io.github.wslproxy.status.StatusSamples;
import io.github.wslproxy.testing.Forwards;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class PhoneTestTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Forward vite = Forwards.tcp().listen("*", 5173).toWsl(5173).named("vite");
    private final Queue<Optional<StatusAnswer>> answers = new ArrayDeque<>();

    @Test
    void aClientThatComesEndsTheWaiting() throws Exception {
        answers.add(running(ForwardState.LISTENING, Optional.empty()));
        answers.add(running(ForwardState.LISTENING, client("")));

        assertThat(trial().await(LONG)).isEqualTo(new PhoneOutcome.Arrived("192.168.1.50"));
    }

    @Test
    void aRefusedOneIsWaitedOnSinceItMayTryAgain() throws Exception {
        answers.add(running(ForwardState.LISTENING, client("it is not allowed")));
        answers.add(running(ForwardState.LISTENING, client("")));
        assertThat(trial().await(LONG)).isEqualTo(new PhoneOutcome.Arrived("192.168.1.50"));

        answers.add(running(ForwardState.LISTENING, client("it is not allowed")));
        assertThat(trial().await(Duration.ZERO))
                .isEqualTo(new PhoneOutcome.Refused("192.168.1.50", "it is not allowed", ""));
    }

    @Test
    void whoCameEarlierIsNoNews() throws Exception {
        LastClient yesterday =
                StatusSamples.client("192.168.1.50", Instant.now().minusSeconds(86_400));
        answers.add(running(ForwardState.LISTENING, Optional.of(yesterday)));

        assertThat(trial().await(Duration.ZERO)).isEqualTo(new PhoneOutcome.Nobody());
    }

    @Test
    void aProgramInTheVmIsNoPhone() throws Exception {
        LastClient vm = StatusSamples.client("172.30.98.229", Instant.now().plusSeconds(60));
        answers.add(running(ForwardState.LISTENING, Optional.of(vm)));

        assertThat(trial().await(Duration.ZERO)).isEqualTo(new PhoneOutcome.Nobody());
    }

    @Test
    void aProxyThatEndsMeanwhileIsNobody() throws Exception {
        answers.add(Optional.of(new StatusAnswer.Nobody()));

        assertThat(trial().await(Duration.ofMillis(50))).isEqualTo(new PhoneOutcome.Nobody());
    }

    @Test
    void itIsReadyOnlyWhileTheForwardListens() {
        answers.add(running(ForwardState.LISTENING, Optional.empty()));
        answers.add(running(ForwardState.FAILED, Optional.empty()));
        answers.add(Optional.of(new StatusAnswer.Nobody()));
        PhoneTest trial = trial();

        assertThat(trial.isReady()).isTrue();
        assertThat(trial.isReady()).isFalse();
        assertThat(trial.isReady()).isFalse();
        assertThat(trial.isReady()).isFalse();
    }

    private PhoneTest trial() {
        StatusSettings settings =
                new StatusSettings(Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9797)));
        return new PhoneTest(
                settings,
                vite,
                () -> Optional.ofNullable(answers.poll()).orElse(Optional.empty()),
                Duration.ofMillis(1));
    }

    /** In the future, so that whatever the clocks do it comes after the waiting began. */
    private static Optional<LastClient> client(String refusal) {
        return Optional.of(new LastClient(
                "192.168.1.50", Instant.now().plusSeconds(60), refusal.isEmpty(), refusal, Optional.empty(), ""));
    }

    private static Optional<StatusAnswer> running(ForwardState state, Optional<LastClient> client) {
        SampleForward forward = SampleForward.of("vite", 5173).state(state, "");
        client.ifPresent(forward::lastClient);
        return Optional.of(new StatusAnswer.Running(
                StatusSamples.withProcess(StatusSamples.of(forward.view()), 7, Optional.empty(), LONG), ""));
    }
}
