package io.github.wslproxy.relay.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * What a client has sent before its target was there.
 *
 * @param bytes belongs to whoever holds this; empty if there are none
 * @param ended whether that was all it will ever send
 */
record Early(ByteBuf bytes, boolean ended) {
    /** Of a client that was not read from. */
    static final Early NOTHING = new Early(Unpooled.EMPTY_BUFFER, false);
}
