package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.relay.tcp.TcpDialer.Dial;
import java.util.concurrent.Future;

/** What a {@link TargetConnector} is doing. */
sealed interface ConnectState {
    /** The next step is being chosen. */
    record Looking() implements ConnectState {}

    /** The client waits for a target that is not there, or does not answer yet. */
    record Waiting(Future<?> nextLook) implements ConnectState {}

    /** The client waits for its turn: as many connects as may are pending. */
    record Queued(Future<?> nextLook) implements ConnectState {}

    /** A connect is pending. */
    record Connecting(Dial dial) implements ConnectState {}

    /** The client is connected or refused, or has left. */
    record Done() implements ConnectState {}
}
