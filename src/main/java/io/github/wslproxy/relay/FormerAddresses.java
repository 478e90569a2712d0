package io.github.wslproxy.relay;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the addresses that a VM has left whether anybody is still there, and has the connections to them ended when
 * nobody is: TCP by itself would take minutes to find out. One connect for each address asks for all relays.
 *
 * <p>A refusal is an answer too. Whether it is the same computer that answers is left to the connection itself: another
 * one resets it at the next segment, a keep-alive included. Safe for any thread.
 */
public final class FormerAddresses {
    private static final Logger log = LoggerFactory.getLogger(FormerAddresses.class);

    /** Two lost segments in a row are needed to miss somebody who is there: a SYN is repeated after a second. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /** Silence counts when it is met twice, so that an adapter that is down for a moment ends nothing. */
    private static final Duration BEFORE_SECOND_LOOK = Duration.ofSeconds(2);

    private static final int[] BACK_OFF = {1, 2, 4, 5};

    private final EventLoops loops;
    private final BiFunction<EventLoop, InetSocketAddress, CompletionStage<Presence>> ask;
    private final Duration unit;
    private final Map<InetAddress, Check> checks = new ConcurrentHashMap<>();

    /** What came of asking an address. */
    public enum Presence {
        THERE,
        SILENT,
        /** This computer had no socket or port to ask with. */
        NOT_ASKED
    }

    /** The connections of one relay. Safe for any thread. */
    public interface Connections {
        /** Whether any of them leads to {@code address}, and its target is elsewhere by now. */
        boolean lead(InetAddress address);

        /** Ends those by a reset: nobody answers at {@code address}. */
        void resetTo(InetAddress address);
    }

    FormerAddresses(EventLoops loops) {
        this(loops, FormerAddresses::connect, Duration.ofSeconds(1));
    }

    /**
     * Asks by other means than a connect.
     *
     * @param ask asks an address, on an event loop
     * @param unit how long a second of the pauses between two questions is
     */
    public FormerAddresses(
            EventLoops loops, BiFunction<EventLoop, InetSocketAddress, CompletionStage<Presence>> ask, Duration unit) {
        this.loops = loops;
        this.ask = ask;
        this.unit = unit;
    }

    /**
     * Asks at once and then again, less and less often, until nobody answers or none of the connections leads there.
     *
     * @param where an old address with a port that one of the connections leads to
     */
    public void watch(InetSocketAddress where, Connections connections) {
        checks.compute(where.getAddress(), (address, known) -> {
            Check check = known == null ? new Check(where) : known;
            check.of.add(connections);
            return check;
        });
    }

    private final class Check {
        private final InetSocketAddress where;
        private final EventLoop loop = loops.group().next();
        private final Set<Connections> of = ConcurrentHashMap.newKeySet();
        private int answers;
        private boolean wasSilent;

        Check(InetSocketAddress where) {
            this.where = where;
            loop.execute(this::look);
        }

        private InetAddress address() {
            return where.getAddress();
        }

        private void look() {
            boolean over = checks.computeIfPresent(address(), (unused, same) -> {
                        of.removeIf(connections -> !connections.lead(address()));
                        return of.isEmpty() ? null : same;
                    })
                    != this;
            if (!over) {
                ask.apply(loop, where).thenAccept(answer -> loop.execute(() -> heard(answer)));
            }
        }

        private void heard(Presence answer) {
            switch (answer) {
                case THERE -> {
                    wasSilent = false;
                    lookAfter(BACK_OFF[Math.min(answers++, BACK_OFF.length - 1)]);
                }
                case NOT_ASKED -> lookAfter(BEFORE_SECOND_LOOK.toSeconds());
                case SILENT -> {
                    if (wasSilent) {
                        over();
                    } else {
                        wasSilent = true;
                        lookAfter(BEFORE_SECOND_LOOK.toSeconds());
                    }
                }
            }
        }

        private void lookAfter(long seconds) {
            loop.schedule(this::look, seconds * unit.toMillis(), TimeUnit.MILLISECONDS);
        }

        private void over() {
            checks.remove(address(), this);
            log.info(
                    "nobody answers at {} any more, where a target was: connections to it are reset", Peer.name(where));
            of.forEach(connections -> connections.resetTo(address()));
        }
    }

    private static CompletionStage<Presence> connect(EventLoop loop, InetSocketAddress where) {
        CompletableFuture<Presence> answer = new CompletableFuture<>();
        new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(CONNECT_TIMEOUT.toMillis()))
                .handler(new ChannelInboundHandlerAdapter())
                .connect(where)
                .addListener((ChannelFuture asked) -> {
                    answer.complete(asked.isSuccess() ? Presence.THERE : presenceOf(asked.cause()));
                    reset(asked.channel());
                });
        return answer;
    }

    private static Presence presenceOf(Throwable cause) {
        if (cause instanceof ChannelException || cause instanceof BindException) {
            return Presence.NOT_ASKED;
        }
        return SocketErrors.isRefusal(cause) ? Presence.THERE : Presence.SILENT;
    }

    /** A reset spares the server there one more connection to look after. */
    private static void reset(Channel channel) {
        try {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException notOpen) {
            // There is nothing to be reset then.
        }
        channel.close();
    }
}
