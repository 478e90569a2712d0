package io.github.wslproxy.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.ChannelException;
import io.netty.channel.socket.ChannelOutputShutdownException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnsupportedAddressTypeException;
import org.junit.jupiter.api.Test;

class SocketErrorsTest {
    @Test
    void takesTheWordsOfTheSystemOutOfNettysWrapping() {
        assertEquals("Connection refused", SocketErrors.of(new ConnectException("Connection refused")));
        assertEquals(
                "Too many open files",
                SocketErrors.of(
                        new ChannelException("Failed to open a socket.", new IOException("Too many open files"))));
        assertEquals(
                "Too many open files",
                SocketErrors.of(new ChannelException(
                        "Failed to open a socket.",
                        new IOException(new InvocationTargetException(new IOException("Too many open files"))))));
        assertEquals(
                "Broken pipe",
                SocketErrors.of(
                        new ChannelOutputShutdownException("Channel output shutdown", new IOException("Broken pipe"))));
    }

    @Test
    void anAddressOfIpv6WhereJavaHasNoneSaysWhatToDo() {
        assertEquals(
                "IPv6 was off when wslproxy started; turn it on and restart wslproxy",
                SocketErrors.of(new ChannelException(new UnsupportedAddressTypeException())));
    }

    @Test
    void isNeverEmpty() {
        assertEquals("ClosedChannelException", SocketErrors.of(new ClosedChannelException()));
    }
}
