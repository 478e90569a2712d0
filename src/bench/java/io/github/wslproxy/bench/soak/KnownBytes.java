package io.github.wslproxy.bench.soak;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Random;

/**
 * An endless stream whose every byte is known from its number, so that a byte that is lost, doubled or of another
 * stream shows at once.
 */
final class KnownBytes {
    /** A prime, so that no buffer of a power of two can shift the stream unseen. */
    private static final int PERIOD = 65_521;

    private static final byte[] TWO_PERIODS = twoPeriods();
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final int offset;

    KnownBytes(long number) {
        offset = (int) Long.remainderUnsigned(number * SPREAD, PERIOD);
    }

    private static byte[] twoPeriods() {
        byte[] bytes = new byte[2 * PERIOD];
        new Random(PERIOD).nextBytes(bytes);
        System.arraycopy(bytes, 0, bytes, PERIOD, PERIOD);
        return bytes;
    }

    /** Writes {@code count} bytes of the stream from {@code position} on. */
    void write(OutputStream out, long position, long count) throws IOException {
        for (long done = 0; done < count; ) {
            int some = (int) Math.min(count - done, PERIOD);
            out.write(TWO_PERIODS, at(position + done), some);
            done += some;
        }
    }

    /** The first {@code count} bytes, at most 65521. */
    byte[] first(int count) {
        return Arrays.copyOfRange(TWO_PERIODS, offset, offset + count);
    }

    /**
     * Whether the first {@code count} bytes of {@code buffer}, at most 65521, are those of the stream at
     * {@code position}.
     */
    boolean are(byte[] buffer, int count, long position) {
        int at = at(position);
        return Arrays.equals(buffer, 0, count, TWO_PERIODS, at, at + count);
    }

    private int at(long position) {
        return (int) ((offset + position) % PERIOD);
    }
}
