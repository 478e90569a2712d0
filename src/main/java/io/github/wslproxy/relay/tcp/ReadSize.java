package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.relay.ReadBuffers;

/**
 * How much the next read of one direction asks for: little at first, more when the last ones were full, up to what the
 * budget of the whole process leaves.
 */
final class ReadSize {
    private static final int GROWTH = 4;

    private final ReadBuffers buffers;
    private int wanted = ReadBuffers.SMALL;

    ReadSize(ReadBuffers buffers) {
        this.buffers = buffers;
    }

    /** How many bytes to ask for now, at most {@code room}. */
    int next(int room) {
        return Math.min(room, buffers.permitted(wanted));
    }

    /** Takes note of how many bytes a read has brought. */
    void noteRead(int bytes) {
        if (bytes == wanted) {
            wanted = Math.min(wanted * GROWTH, ReadBuffers.LARGEST);
        } else if (bytes < wanted / GROWTH) {
            wanted = Math.max(wanted / 2, ReadBuffers.SMALL);
        }
    }
}
