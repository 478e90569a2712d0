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
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** What {@code [log]} says, applied to Logback. */
public final class Logging {
    private static final String OWN_LOGGERS = "io.github.wslproxy";

    /**
     * Control characters would let a name or a peer forge lines, and marks that turn the direction of writing would let
     * it show as another one: each becomes a blank, a newline too. In stack traces line ends stay.
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
     * From here on, what is logged goes to the console or, where the settings name one, to a file that rolls by size
     * and by day.
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

    /** From here on as much is logged as the settings say, or debug lines if {@code verbose}. */
    static void level(LogSettings settings, boolean verbose) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        Level level = verbose ? Level.DEBUG : Level.convertAnSLF4JLevel(settings.level());
        context.getLogger(OWN_LOGGERS).setLevel(level);
    }

    /** For commands that speak for themselves: only errors reach the console, or debug lines if {@code verbose}. */
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

    /**
     * A disk that stands still, and a console in which somebody selects text, must not hold up an event loop: lines are
     * dropped instead.
     */
    static AsyncAppender neverBlocking(LoggerContext context, Appender<ILoggingEvent> appender) {
        AsyncAppender async = new AsyncAppender();
        async.setContext(context);
        async.setNeverBlock(true);
        async.addAppender(appender);
        async.start();
        return async;
    }

    /** A device is written to as it is: a roll would rename it, as root also /dev/null. */
    private static FileAppender<ILoggingEvent> appender(Path file, LoggerContext context) {
        boolean isDevice = Files.exists(file) && !Files.isRegularFile(file);
        FileAppender<ILoggingEvent> appender = isDevice ? new Device() : new OwnRollingFile();
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

    /** What is no file and cannot roll. */
    private static final class Device extends FileAppender<ILoggingEvent> {
        @Override
        public void openFile(String name) throws IOException {
            setOutputStream(new LogStream(Path.of(name), System::nanoTime));
        }
    }

    /** Each new file is one of {@link PrivateFiles}, too. */
    private static final class OwnRollingFile extends RollingFileAppender<ILoggingEvent> {
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
}
