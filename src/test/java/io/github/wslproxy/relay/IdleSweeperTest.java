package io.github.wslproxy.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.Escalations;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class IdleSweeperTest {
    @RegisterExtension
    final Escalations escalations = new Escalations();

    private final EventLoops loops = new EventLoops(2);
    private final IdleSweeper sweeper = new IdleSweeper(loops, Duration.ofMillis(5));
    private final List<EventLoop> all = loops.all();

    @AfterEach
    void end() throws Exception {
        loops.close().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void whatHasExpiredIsEndedOnceOnItsOwnLoop() throws Exception {
        for (EventLoop loop : all) {
            Item item = new Item(loop);
            add(item);
            Await.until(() -> item.asked.get() >= 3);
            assertThat(item.ended).isEmpty();

            item.expired = true;
            Await.until(() -> !item.ended.isEmpty());
            Await.until(() -> passedTicks(loop, 3));
            assertThat(item.ended).containsExactly(true);
        }
    }

    @Test
    void whatWasTakenOutIsNotAskedAgain() throws Exception {
        Item item = new Item(all.get(0));
        add(item);
        Await.until(() -> item.asked.get() > 0);

        all.get(0).submit(() -> sweeper.remove(all.get(0), item)).get(10, TimeUnit.SECONDS);
        int asked = item.asked.get();
        item.expired = true;

        assertThat(passedTicks(all.get(0), 3)).isTrue();
        assertThat(item.asked).hasValue(asked);
        assertThat(item.ended).isEmpty();
    }

    @Test
    void severalMayExpireInOneTick() throws Exception {
        List<Item> items = List.of(new Item(all.get(1)), new Item(all.get(1)), new Item(all.get(1)));
        for (Item item : items) {
            item.expired = true;
            add(item);
        }

        for (Item item : items) {
            Await.until(() -> item.ended.equals(List.of(true)));
        }
    }

    @Test
    void oneThatFailsKeepsNoOtherFromItsEnd() throws Exception {
        EventLoop loop = all.get(0);
        Item failsWhenAsked = new Item(loop) {
            @Override
            public boolean isExpired(long now) {
                super.isExpired(now);
                throw new IllegalStateException("planted");
            }
        };
        Item failsToEnd = new Item(loop) {
            @Override
            public void expire() {
                throw new IllegalStateException("planted");
            }
        };
        failsToEnd.expired = true;
        Item other = new Item(loop);
        add(failsWhenAsked);
        add(failsToEnd);
        add(other);
        Await.until(() -> failsWhenAsked.asked.get() > 3 && failsToEnd.asked.get() > 3);

        other.expired = true;

        Await.until(() -> !other.ended.isEmpty());
    }

    @Test
    void anErrorWhileItSweepsIsNotKeptSecret() throws Exception {
        add(new Item(all.get(0)) {
            @Override
            public boolean isExpired(long now) {
                sweeper.remove(all.get(0), this);
                throw new StackOverflowError("planted");
            }
        });

        assertThat(escalations.next()).hasMessage("planted");
    }

    @Test
    void aCallFromAnotherThreadIsRefused() {
        Item item = new Item(all.get(0));

        assertThatThrownBy(() -> sweeper.add(all.get(0), item)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> sweeper.remove(all.get(0), item)).isInstanceOf(IllegalStateException.class);
    }

    private void add(Item item) throws Exception {
        item.loop.submit(() -> sweeper.add(item.loop, item)).get(10, TimeUnit.SECONDS);
    }

    /** Waits until something else on {@code loop} was asked {@code ticks} times. */
    private boolean passedTicks(EventLoop loop, int ticks) throws Exception {
        Item clock = new Item(loop);
        add(clock);
        Await.until(() -> clock.asked.get() >= ticks);
        loop.submit(() -> sweeper.remove(loop, clock)).get(10, TimeUnit.SECONDS);
        return true;
    }

    private class Item implements IdleSweeper.Expirable {
        private final EventLoop loop;
        final AtomicInteger asked = new AtomicInteger();
        private final List<Boolean> ended = new CopyOnWriteArrayList<>();
        volatile boolean expired;

        Item(EventLoop loop) {
            this.loop = loop;
        }

        @Override
        public boolean isExpired(long now) {
            asked.incrementAndGet();
            return expired;
        }

        @Override
        public void expire() {
            sweeper.remove(loop, this);
            ended.add(loop.inEventLoop());
        }
    }
}
