package io.github.wslproxy.target;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Tells where a target is; this is the read side. Safe for any thread; nothing here blocks. */
public interface TargetSource {

    /** The newest known state: one volatile read. */
    TargetState current();

    /**
     * Every address of the target in the order in which to try them for {@code port}: the one that worked last for this
     * port comes first. Empty while there is nowhere. The same list object is returned as long as nothing has changed,
     * so that it may be asked for each datagram; it is unmodifiable.
     */
    default List<InetAddress> addresses(int port) {
        return current().addresses();
    }

    /**
     * Says that {@code where} has answered: it comes first for its port from now on, also after later look-ups. Cheap;
     * may be called for each connection and each answer.
     *
     * @param where an address out of {@link #addresses} and its port
     */
    default void worked(InetSocketAddress where) {}

    /**
     * Says that nobody answers at {@code where}: if it comes first for its port, it comes last from now on, and the
     * target is asked for anew as by {@link #connectFailed()}. It is meant for UDP, which learns of a failure when the
     * datagram is gone. A connect tries the next address by itself and calls {@code connectFailed()} once all have
     * failed, so that a server that restarts is still tried first where it was. Cheap; may be called often.
     *
     * @param where an address out of {@link #addresses} and its port
     */
    default void failed(InetSocketAddress where) {
        connectFailed();
    }

    /**
     * Says that a connect to the target failed at all its addresses, so that they are asked for anew. Cheap; may be
     * called often.
     */
    default void connectFailed() {}

    /** Says which port it was, too. */
    default void connectFailed(int port) {
        connectFailed();
    }

    /**
     * Whether {@code address}, out of {@link #addresses}, is not the target's own: the relay that WSL runs on localhost
     * of this computer listens there, if any program does but wslproxy itself.
     */
    default boolean isLocalhostRelay(InetAddress address) {
        return false;
    }

    /** Whether such an address comes first for {@code port}, since it has worked last. */
    default boolean prefersLocalhost(int port) {
        return false;
    }

    /** How long a new client may be kept waiting while the target is not there; zero: it is refused at once. */
    default Duration holdTimeout() {
        return Duration.ZERO;
    }

    /**
     * Says that a client is kept waiting. If the configuration wants that to start the VM, it does, unless the VM is
     * being started or was moments ago. Cheap; to be said again and again while the client waits.
     */
    default void requestWake() {}

    /** Whether the target has come up or moved moments ago, so that its servers may still be starting. */
    default boolean recentlyChanged() {
        return false;
    }

    /**
     * Calls {@code listener} after each later change, on the thread that learned it; the listener must not block.
     *
     * @return what ends the calls
     */
    default Runnable onChange(Consumer<TargetState> listener) {
        return () -> {};
    }

    /** A target whose address never changes. */
    static TargetSource fixed(InetAddress address) {
        TargetState state = new TargetState.Up(address, "fixed by the configuration");
        return () -> state;
    }
}
