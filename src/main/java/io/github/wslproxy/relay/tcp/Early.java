package io.github.wslproxy.relay.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * What a target is to get before its client is read from by the link.
 *
 * @param bytes belongs to whoever holds this; empty if there are none
 * @param headerLength how many of them come before what the client has sent
 * @param ended whether that was all the client will ever send
 */
record Early(ByteBuf bytes, int headerLength, boolean ended) {
    /** Of a client that was not read from. */
    static final Early NOTHING = new Early(Unpooled.EMPTY_BUFFER, false);

    /** All of it from the client. */
    Early(ByteBuf bytes, boolean ended) {
        this(bytes, 0, ended);
    }

    int fromClient() {
        return bytes.readableBytes() - headerLength;
    }

    /**
     * This, behind a header of wslproxy's own: in one buffer, so that one write takes it, which is no gathering one.
     *
     * @param header belongs to what is returned, as the bytes do
     */
    Early behind(ByteBuf header) {
        int length = header.readableBytes();
        try {
            header.writeBytes(bytes);
        } finally {
            bytes.release();
        }
        return new Early(header, length, ended);
    }
}
