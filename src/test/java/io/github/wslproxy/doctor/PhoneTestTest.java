package io.github.wslproxy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.config.StatusSettings;
import io.github.wslproxy.doctor.PhoneTest.Outcome;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.status.Snapshot.ForwardView;
import io.github.wslproxy.status.Snapshot.LastClient;
import io.github.wslproxy.status.Snapshot.State;
import io.github.wslproxy.status.StatusAnswer;
import io.github.wslproxy.testing.Forwards;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class PhoneTestTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Forward vite = Forwards.tcp().listen("*", 5173).toWsl(5173).named("vite");
    private final Queue<Optional<StatusAnswer>> answers = new ArrayDeque<>();

    @Test
    void aClientThatComesEndsTheWaiting() throws Exception {
        answers.add(running(State.LISTENING, Optional.empty()));
        answers.add(running(State.LISTENING, client("")));

        assertThat(trial().await(LONG)).isEqualTo(new Outcome.Arrived("192.168.1.50"));
    }

    @Test
    void aRefusedOneIsWaitedOnSinceItMayTryAgain() throws Exception {
        answers.add(running(State.LISTENING, client("it is not allowed")));
        answers.add(running(State.LISTENING, client("")));
        assertThat(trial().await(LONG)).isEqualTo(new Outcome.Arrived("192.168.1.50"));

        answers.add(running(State.LISTENING, client("it is not allowed")));
        assertThat(trial().await(Duration.ZERO))
                .isEqualTo(new Outcome.Refused("192.168.1.50", "it is not allowed", ""));
    }

    @Test
    void whoCameEarlierIsNoNews() throws Exception {
        LastClient yesterday = new LastClient("192.168.1.50", Instant.now().minusSeconds(86_400));
        answers.add(running(State.LISTENING, Optional.of(yesterday)));

        assertThat(trial().await(Duration.ZERO)).isEqualTo(new Outcome.Nobody());
    }

    @Test
    void aProgramInTheVmIsNoPhone() throws Exception {
        LastClient vm = new LastClient("172.30.98.229", Instant.now().plusSeconds(60));
        answers.add(running(State.LISTENING, Optional.of(vm)));

        assertThat(trial().await(Duration.ZERO)).isEqualTo(new Outcome.Nobody());
    }

    @Test
    void aProxyThatEndsMeanwhileIsNobody() throws Exception {
        answers.add(Optional.of(new StatusAnswer.Nobody()));

        assertThat(trial().await(Duration.ofMillis(50))).isEqualTo(new Outcome.Nobody());
    }

    @Test
    void itIsReadyOnlyWhileTheForwardListens() {
        answers.add(running(State.LISTENING, Optional.empty()));
        answers.add(running(State.FAILED, Optional.empty()));
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
        return Optional.of(
                new LastClient("192.168.1.50", Instant.now().plusSeconds(60), refusal, Optional.empty(), ""));
    }

    private static Optional<StatusAnswer> running(State state, Optional<LastClient> client) {
        ForwardView view = new ForwardView(
                "vite",
                "tcp",
                List.of("*:5173"),
                "wsl:5173",
                "",
                1,
                state,
                "",
                0,
                0,
                0,
                0,
                0,
                Optional.empty(),
                client,
                "",
                Snapshot.Origin.FILE,
                Optional.empty(),
                List.of(),
                List.of(),
                "",
                "");
        Snapshot.Target target = new Snapshot.Target("up", "172.30.98.229", Instant.EPOCH, "");
        return Optional.of(new StatusAnswer.Running(
                new Snapshot("0.1.0", 7, Optional.empty(), LONG, "", target, List.of(), List.of(view), List.of()), ""));
    }
}
