package io.github.wslproxy.relay;

import io.netty.channel.ChannelException;
import io.netty.channel.socket.ChannelOutputShutdownException;
import java.nio.channels.UnsupportedAddressTypeException;

/** A failure of a socket in the words of the system. */
public final class SocketErrors {
    /**
     * The JDK asks the system once, when its first socket is opened, and says nothing more than the exception's name.
     */
    private static final String NO_IPV6 = "IPv6 was off when wslproxy started; turn it on and restart wslproxy";

    private SocketErrors() {}

    /** Never empty; Netty's own wrapping, such as "Failed to open a socket.", is taken off. */
    public static String of(Throwable failure) {
        Throwable told = failure;
        while (told.getCause() != null && isWrapping(told)) {
            told = told.getCause();
        }
        if (told instanceof UnsupportedAddressTypeException) {
            return NO_IPV6;
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
