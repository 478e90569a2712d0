package io.github.wslproxy.os;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The first bytes of what a process writes; the rest is read and dropped, so that the process can go on.
 *
 * <p>It only ever reads what is there: a read that waits for the end would wait for every process that inherited the
 * pipe, and closing the pipe does not end such a read.
 */
final class CappedOutput {
    /**
     * One turn reads at most this often, so that a flood on one stream does not keep the other from being looked at.
     */
    private static final int READS_A_TURN = 64;

    private final InputStream source;
    private final int limit;
    private final byte[] buffer = new byte[8192];
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private boolean overflowed;

    CappedOutput(InputStream source, int limit) {
        this.source = source;
        this.limit = limit;
    }

    /**
     * Reads what is there without waiting.
     *
     * @return whether there was anything
     */
    boolean drain() {
        int reads = 0;
        try {
            while (reads < READS_A_TURN && source.available() > 0) {
                keep(source.read(buffer));
                reads++;
            }
        } catch (IOException closedByTheOtherSide) {
            return false;
        }
        return reads > 0;
    }

    private void keep(int count) {
        int room = Math.min(Math.max(count, 0), limit - kept.size());
        kept.write(buffer, 0, room);
        overflowed |= count > room;
    }

    boolean overflowed() {
        return overflowed;
    }

    String text() {
        return ConsoleText.decode(kept.toByteArray());
    }
}
