package io.github.wslproxy.relay.tcp;

/** Hears what happens to a {@link TcpSocket}. All methods are called on its event loop. */
interface SocketEvents {
    /** The connect has ended: {@link TcpSocket#finishConnect} tells how. */
    default void connectable() {}

    /** A read will tell something: bytes, the end, or a failure. Called only while that is wanted. */
    default void readable() {}

    /** The kernel takes more bytes. Called only while that is wanted. */
    default void writable() {}

    /** The socket was closed, by whomever; this is the last call. */
    default void closed() {}

    /** A call of another of these methods has thrown {@code failure}. */
    default void failed(Throwable failure) {}
}
