package io.github.wslproxy.relay;

import io.netty.channel.ChannelException;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.socket.ChannelOutputShutdownException;
import java.net.ConnectException;
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

    /**
     * Whether somebody has answered a connect, by a refusal. The type tells, as Windows localizes texts. A timeout of
     * the system's own has the type of a refusal, but takes longer than ours.
     */
    public static boolean isRefusal(Throwable failure) {
        return failure instanceof ConnectException && !(failure instanceof ConnectTimeoutException);
    }

    private static boolean isWrapping(Throwable told) {
        return told instanceof ChannelException
                || told instanceof ChannelOutputShutdownException
                || told.getMessage() == null
                // What Throwable(Throwable) makes of a cause.
                || told.getMessage().equals(String.valueOf(told.getCause()));
    }
}
