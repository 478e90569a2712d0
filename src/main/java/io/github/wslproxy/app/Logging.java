package io.github.wslproxy.app;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.RollingPolicy;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import io.github.wslproxy.config.Settings.LogSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.LoggerFactory;

/** What {@code [log]} says, applied to Logback. */
public final class Logging {
    private static final String OWN_LOGGERS = "io.github.wslproxy";

    /**
     * Replaces each control character by a blank, a newline too, because a name or a peer could forge lines with them,
     * and each mark that turns the direction of writing. Stack traces keep their line ends.
     */
    private static final String PATTERN = " %-5level "
            + "%replace(%msg){'[\\p{IsControl}\\p{Cf}\\p{Cs}\\x{2028}\\x{2029}]+', ' '}%n"
            + "%replace(%ex){'[\\p{IsControl}\\p{Cf}\\p{Cs}&&[^\\t\\r\\n]]', ' '}%nopex";

    private static final String FILE_TIME = "%d{yyyy-MM-dd HH:mm:ss.SSS}";
    private static final String FILE_SIZE = "5MB";
    private static final int DAYS = 14;
    private static final String ALL_FILES = "50MB";

    private Logging() {}

    /**
     * Sends the log to the file that the settings name, which rolls by size and by day, or else to the console.
     *
     * @param verbose debug lines whatever the settings say
     * @throws IOException if the file cannot be written; the message says what to do
     */
    public static void configure(LogSettings settings, boolean verbose) throws IOException {
        level(settings, verbose);
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        if (settings.file().isPresent()) {
            logTo(settings.file().get().toAbsolutePath(), context);
        }
    }

    /** Logs as much as the settings say, or debug lines too if {@code verbose}. */
    static void level(LogSettings settings, boolean verbose) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        Level level = verbose ? Level.DEBUG : Level.convertAnSLF4JLevel(settings.level());
        context.getLogger(OWN_LOGGERS).setLevel(level);
    }

    /** Logs errors only, or debug lines too if {@code verbose}: most commands speak for themselves. */
    public static void errorsOnly(boolean verbose) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.getLogger(OWN_LOGGERS).setLevel(verbose ? Level.DEBUG : Level.ERROR);
    }

    /** Writes out what still waits; to be called last. */
    public static void flush() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }

    private static void logTo(Path file, LoggerContext context) throws IOException {
        try {
            PrivateFiles.folderOf(file);
            PrivateFiles.append(file).close();
        } catch (IOException e) {
            throw new IOException("cannot write the log " + file + ": " + IoErrors.why(e) + " (see [log] file)", e);
        }
        AsyncAppender async = neverBlocking(context, appender(file, context));
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.addAppender(async);
    }

    /** Drops lines rather than hold up an event loop when a disk stands still or somebody selects text in a console. */
    static AsyncAppender neverBlocking(LoggerContext context, Appender<ILoggingEvent> appender) {
        AsyncAppender async = new AsyncAppender();
        async.setContext(context);
        async.setNeverBlock(true);
        async.addAppender(appender);
        async.start();
        return async;
    }

    /** A device gets no rolling file: a roll would rename it, even /dev/null if root runs it. */
    private static FileAppender<ILoggingEvent> appender(Path file, LoggerContext context) {
        boolean isDevice = Files.exists(file) && !Files.isRegularFile(file);
        FileAppender<ILoggingEvent> appender = isDevice ? new DeviceAppender() : new PrivateRollingAppender();
        appender.setContext(context);
        appender.setFile(file.toString());
        appender.setEncoder(encoder(context, FILE_TIME, StandardCharsets.UTF_8));
        if (appender instanceof RollingFileAppender<ILoggingEvent> rolling) {
            rolling.setRollingPolicy(policy(file, rolling, context));
        }
        appender.start();
        return appender;
    }

    private static RollingPolicy policy(Path file, FileAppender<ILoggingEvent> appender, LoggerContext context) {
        SizeAndTimeBasedRollingPolicy<ILoggingEvent> policy = new SizeAndTimeBasedRollingPolicy<>();
        policy.setContext(context);
        policy.setParent(appender);
        policy.setFileNamePattern(file + ".%d{yyyy-MM-dd}.%i");
        policy.setMaxFileSize(FileSize.valueOf(FILE_SIZE));
        policy.setMaxHistory(DAYS);
        policy.setTotalSizeCap(FileSize.valueOf(ALL_FILES));
        policy.start();
        return policy;
    }

    /** @param time how the time looks, as Logback has it */
    static PatternLayoutEncoder encoder(LoggerContext context, String time, Charset charset) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setCharset(charset);
        encoder.setPattern(time + PATTERN);
        encoder.start();
        return encoder;
    }

    /** Writes to what is no file, such as a pipe, and cannot roll. */
    private static final class DeviceAppender extends FileAppender<ILoggingEvent> {
        @Override
        public void openFile(String name) throws IOException {
            setOutputStream(new LogStream(Path.of(name), System::nanoTime));
        }
    }

    /** Makes each new file with {@link PrivateFiles}. */
    private static final class PrivateRollingAppender extends RollingFileAppender<ILoggingEvent> {
        @Override
        public void openFile(String name) throws IOException {
            streamWriteLock.lock();
            try {
                PrivateFiles.folderOf(Path.of(name));
                setOutputStream(new LogStream(Path.of(name), System::nanoTime));
            } finally {
                streamWriteLock.unlock();
            }
        }
    }

    /**
     * The file of the log while it is written to. It loses what cannot be written, as on a full disk, and opens the
     * file again after a second. Logback would stop for good, or follow a link with its own stream. The lock of the
     * appender guards it.
     */
    static final class LogStream extends OutputStream {
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
}
