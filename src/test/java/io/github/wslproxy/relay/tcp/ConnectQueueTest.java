package io.github.wslproxy.relay.tcp;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.LimitSettings;
import io.github.wslproxy.relay.ClientKey;
import io.github.wslproxy.relay.LocalAddresses;
import io.github.wslproxy.relay.ProgramLimits;
import io.github.wslproxy.relay.ReadBuffers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectQueueTest {
    private final ProgramLimits totals =
            new ProgramLimits(new LimitSettings(100, 2, 100, 0), new ReadBuffers(() -> 0, () -> 0, 64 << 20, 1));
    private final ConnectQueue queue = new ConnectQueue(totals);
    private final List<String> woken = new ArrayList<>();

    @Test
    void soManyConnectsMayBePending() {
        assertThat(queue.beginConnect()).isTrue();
        assertThat(queue.isFull()).isFalse();
        assertThat(queue.beginConnect()).isTrue();
        assertThat(queue.isFull()).isTrue();
        assertThat(queue.beginConnect()).isFalse();

        queue.connectEnded();

        assertThat(queue.beginConnect()).isTrue();
        assertThat(totals.connecting().used()).isEqualTo(2);
    }

    @Test
    void eachForwardHasItsShareOfThem() {
        totals.divideAmong(2);
        ConnectQueue other = new ConnectQueue(totals);

        assertThat(queue.beginConnect()).isTrue();
        assertThat(queue.beginConnect()).isFalse();
        assertThat(other.beginConnect()).isTrue();
    }

    @Test
    void aQueuedClientIsWokenWhenAConnectEndsAndKeepsItsPlaceUntilItLeaves() {
        fill();
        ConnectQueue.Waiter first = waiter("first");
        queue.queue(first);
        queue.queue(waiter("second"));
        assertThat(woken).isEmpty();

        queue.connectEnded();
        assertThat(woken).containsExactly("first");
        queue.leave(first);
        assertThat(woken).containsExactly("first", "second");
    }

    @Test
    void aClientThatQueuesWhenThereIsRoomIsWokenAtOnce() {
        queue.queue(waiter("late"));

        assertThat(woken).containsExactly("late");
    }

    @Test
    void pausedListenersAreWokenOnceAndAfterTheClients() {
        fill();
        ConnectQueue.Waiter client = waiter("client");
        queue.rest(waiter("one listener"));
        queue.rest(waiter("other listener"));
        queue.queue(client);

        queue.connectEnded();
        assertThat(woken).containsExactly("client");
        queue.leave(client);
        queue.connectEnded();
        assertThat(woken).containsExactly("client", "one listener", "other listener");
    }

    @Test
    void aListenerThatGoesOnByItselfIsNotWoken() {
        fill();
        ConnectQueue.Waiter listener = waiter("listener");
        queue.rest(listener);
        queue.forgetResting(listener);

        queue.connectEnded();

        assertThat(woken).isEmpty();
    }

    @Test
    void oneClientAloneHasHalfOfThePlacesToWait() {
        ClientKey greedy = client("203.0.113.1");
        int taken = 0;
        while (queue.beginWait(greedy)) {
            taken++;
        }

        assertThat(taken).isEqualTo(ConnectQueue.MOST_WAITING / 2);
        assertThat(queue.beginWait(client("203.0.113.2"))).isTrue();
        assertThat(queue.waiting()).isEqualTo(taken + 1);
        queue.waitEnded(greedy);
        assertThat(queue.waiting()).isEqualTo(taken);
    }

    @Test
    void aShortageOfSocketsIsToldOnce() {
        assertThat(queue.takeSocketShortage()).isEmpty();

        queue.noSocketLeft("Too many open files");

        assertThat(queue.takeSocketShortage()).contains("Too many open files");
        assertThat(queue.takeSocketShortage()).isEmpty();
    }

    private void fill() {
        while (queue.beginConnect()) {
            assertThat(queue.max()).isEqualTo(2);
        }
    }

    private ConnectQueue.Waiter waiter(String name) {
        return () -> woken.add(name);
    }

    private static ClientKey client(String address) {
        return ClientKey.of(ip(address), new LocalAddresses());
    }
}
