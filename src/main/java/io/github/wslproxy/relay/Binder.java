package io.github.wslproxy.relay;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.function.Supplier;

/** Opens listening sockets of one protocol. */
public interface Binder {
    /**
     * Binds to {@code local}, whose address is a wildcard or should be one of this computer.
     *
     * @param loop where the channel is to live
     * @param config what the socket is for, at any later time
     */
    ChannelFuture bind(EventLoop loop, InetSocketAddress local, Supplier<ListenerConfig> config);

    /**
     * Runs {@code then}, on any thread, once whoever waits now is accepted.
     *
     * @param bound a channel that {@link #bind} has made
     * @param alsoAtRest whether clients are accepted also while they are to wait in the backlog
     */
    default void afterAccepting(Channel bound, boolean alsoAtRest, Runnable then) {
        then.run();
    }
}
