package io.github.wslproxy.relay;

import java.net.InetSocketAddress;

/** How a listener stands. */
public sealed interface ListenerStatus {
    /** The entry of the configuration, or the address bound to if one wildcard entry became several sockets. */
    String where();

    /** Accepts clients at {@code bound}. */
    record Listening(String where, InetSocketAddress bound) implements ListenerStatus {}

    /** Could not be opened, or was lost; tried again with back-off, or when its address is back. */
    record Failed(String where, String error) implements ListenerStatus {}

    /** Not open on purpose, or not yet. */
    record NotOpen(String where, String reason) implements ListenerStatus {}
}
