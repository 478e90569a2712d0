package io.github.wslproxy.app;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The file of the log while it is written to. What cannot be written, as on a full disk, is lost, and the file is
 * opened again after a second: Logback would stop for good, or with its own stream follow a link. Used under the lock
 * of the appender.
 */
final class LogStream extends OutputStream {
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Path file;
    private final LongSupplier nanoTime;
    private OutputStream out;
    private boolean broken;
    private long brokenSince;

    LogStream(Path file, LongSupplier nanoTime) throws IOException {
        this.file = file;
        this.nanoTime = nanoTime;
        out = PrivateFiles.append(file);
    }

    @Override
    public void write(int one) {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
        if (broken && nanoTime.getAsLong() - brokenSince < PAUSE_NANOS) {
            return;
        }
        try {
            if (broken) {
                out.close();
                out = PrivateFiles.append(file);
                broken = false;
            }
            out.write(bytes, from, length);
        } catch (IOException notNow) {
            broken = true;
            brokenSince = nanoTime.getAsLong();
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
