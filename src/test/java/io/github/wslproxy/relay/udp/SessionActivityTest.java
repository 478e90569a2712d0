package io.github.wslproxy.relay.udp;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.LimitSettings;
import io.github.wslproxy.relay.ClientKey;
import io.github.wslproxy.relay.EvictableSessions;
import io.github.wslproxy.relay.LocalAddresses;
import io.github.wslproxy.relay.ProgramLimits;
import io.github.wslproxy.relay.ReadBuffers;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SessionActivityTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final EvictableSessions.Table table = new ProgramLimits(
                    new LimitSettings(1, 1, 1, 0), new ReadBuffers(() -> 0, () -> 0, 64 << 20, 1))
            .evictableSessions()
            .table();
    private final long began = System.nanoTime();

    @Test
    void aSessionOfOneExchangeIsIdleAfterHalfAMinuteAndATalkAfterItsOwnTime() {
        SessionActivity activity = activity(Duration.ofMinutes(5));
        exchange(activity);
        assertThat(activity.isIdle(began + 29 * SECOND)).isFalse();
        assertThat(activity.isIdle(began + 30 * SECOND)).isTrue();

        exchange(activity);
        assertThat(activity.isIdle(began + 299 * SECOND)).isFalse();
        assertThat(activity.isIdle(began + 300 * SECOND)).isTrue();
    }

    @Test
    void questionsWithoutAnAnswerAndAnswersWithoutAQuestionAreNoExchange() {
        SessionActivity activity = activity(Duration.ZERO);
        for (int i = 0; i < 5; i++) {
            activity.asked(began);
        }
        assertThat(activity.answered(began)).isTrue();
        assertThat(activity.answered(began)).isFalse();

        assertThat(activity.isIdle(began + 30 * SECOND)).isTrue();
    }

    @Test
    void aTalkWithoutALimitIsNeverIdleAndItsExchangesAreNotCounted() {
        SessionActivity activity = activity(Duration.ZERO);
        exchange(activity);
        exchange(activity);

        activity.asked(began);
        assertThat(activity.answered(began)).isFalse();
        assertThat(activity.isIdle(began + 1_000_000 * SECOND)).isFalse();
    }

    private void exchange(SessionActivity activity) {
        activity.asked(began);
        assertThat(activity.answered(began)).isTrue();
    }

    private SessionActivity activity(Duration idle) {
        return new SessionActivity(new FakeSession(), idle);
    }

    private final class FakeSession implements EvictableSessions.Candidate {
        @Override
        public ClientKey client() {
            return ClientKey.of(ip("192.168.1.50"), new LocalAddresses());
        }

        @Override
        public EvictableSessions.Table table() {
            return table;
        }

        @Override
        public void giveWay() {
            throw new AssertionError("no limit is reached");
        }
    }
}
