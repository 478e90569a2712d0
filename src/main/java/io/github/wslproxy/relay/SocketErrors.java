package io.github.wslproxy.relay;

import io.netty.channel.ChannelException;
import io.netty.channel.socket.ChannelOutputShutdownException;

/** A failure of a socket in the words of the system. */
public final class SocketErrors {
    private SocketErrors() {}

    /** Never empty; Netty's own wrapping, such as "Failed to open a socket.", is taken off. */
    public static String of(Throwable failure) {
        Throwable told = failure;
        while (told.getCause() != null && isWrapping(told)) {
            told = told.getCause();
        }
        String message = told.getMessage();
        return message == null ? told.getClass().getSimpleName() : message;
    }

    private static boolean isWrapping(Throwable told) {
        return told instanceof ChannelException
                || told instanceof ChannelOutputShutdownException
                || told.getMessage() == null
                // What Throwable(Throwable) makes of a cause.
                || told.getMessage().equals(String.valueOf(told.getCause()));
    }
}
