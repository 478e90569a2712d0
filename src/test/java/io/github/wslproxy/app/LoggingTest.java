package io.github.wslproxy.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.ClassicConstants;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import io.github.wslproxy.config.Settings.LogSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

class LoggingTest {
    private static final Logger log = LoggerFactory.getLogger(LoggingTest.class);
    private static final LoggerContext CONTEXT = (LoggerContext) LoggerFactory.getILoggerFactory();

    @TempDir
    Path folder;

    @AfterEach
    void asForTheOtherTests() throws Exception {
        CONTEXT.reset();
        new ContextInitializer(CONTEXT).autoConfig();
        CONTEXT.start();
    }

    @Test
    void whatIsLoggedIsInTheFileWhoseFolderIsMade() throws Exception {
        Path file = folder.resolve("new/logs/wslproxy.log");
        Logging.configure(new LogSettings(Level.INFO, Optional.of(file)), false);

        log.info("first {}", "grüße");
        log.debug("too much");
        Logging.flush();

        assertThat(lines(file)).singleElement().asString().matches("\\d{4}-\\d\\d-\\d\\d \\S+ INFO +first grüße");
    }

    @Test
    void aFileThatIsThereIsContinued() throws Exception {
        Path file = Files.writeString(folder.resolve("wslproxy.log"), "yesterday\n");
        Logging.configure(new LogSettings(Level.INFO, Optional.of(file)), false);

        log.info("today");
        Logging.flush();

        assertThat(lines(file)).hasSize(2).first().isEqualTo("yesterday");
    }

    /** Logback would stop for good, or reopen it by a way of its own. */
    @Test
    void aFileThatCannotBeWrittenToIsTriedAgainAfterASecond() throws Exception {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "needs a disk that is full");
        Path file = Files.createSymbolicLink(folder.resolve("wslproxy.log"), full);
        AtomicLong time = new AtomicLong();
        try (Logging.LogStream stream = new Logging.LogStream(file, time::get)) {
            stream.write("lost".getBytes(UTF_8), 0, 4);
            Files.delete(file);
            stream.write("lost".getBytes(UTF_8), 0, 4);
            assertThat(file).doesNotExist();

            time.addAndGet(Duration.ofSeconds(1).toNanos());
            stream.write("kept".getBytes(UTF_8), 0, 4);
            assertThat(file).content().isEqualTo("kept");
        }
    }

    /** The link stands for the device: both were last written to on another day, which would be a reason to roll. */
    @Test
    void aDeviceIsWrittenToAndNeverRenamed() throws Exception {
        Path device = Path.of("/dev/null");
        assumeTrue(Files.exists(device), "needs a device");
        Path file = Files.createSymbolicLink(folder.resolve("wslproxy.log"), device);
        Logging.configure(new LogSettings(Level.INFO, Optional.of(file)), false);

        log.warn("said to nobody");
        Logging.flush();

        try (Stream<Path> all = Files.list(folder)) {
            assertThat(all).containsExactly(file);
        }
        assertThat(Files.readSymbolicLink(file)).isEqualTo(device);
    }

    @Test
    void controlCharactersCannotForgeALine() throws Exception {
        Path file = folder.resolve("wslproxy.log");
        Logging.configure(new LogSettings(Level.INFO, Optional.of(file)), false);

        log.warn("name {}", "a\r\n2026-01-01 00:00:00.000 ERROR forged\u001b[2J\u0000b\tc");
        Logging.flush();

        assertThat(lines(file))
                .singleElement()
                .asString()
                .endsWith("name a 2026-01-01 00:00:00.000 ERROR forged [2J b c");
    }

    /** A right-to-left override shows "exe.gpj" as "jpg.exe"; what takes no room hides in a name. */
    @Test
    void marksThatTurnTheDirectionCannotShowAnotherLine() throws Exception {
        Path file = folder.resolve("wslproxy.log");
        Logging.configure(new LogSettings(Level.INFO, Optional.of(file)), false);

        log.warn("name {}", "a\u202egnp.exe\u2066b\u200bc\u2028d\ufeffe\u0085f\u009b2Jg");
        Logging.flush();

        assertThat(lines(file)).singleElement().asString().endsWith("name a gnp.exe b c d e f 2Jg");
    }

    @Test
    void aStackTraceIsThereOnceAndCannotCommandTheTerminal() throws Exception {
        Path file = folder.resolve("wslproxy.log");
        Logging.configure(new LogSettings(Level.INFO, Optional.of(file)), false);

        log.error("failed", new IllegalStateException("a\u001b[2Jb\u202ec"));
        Logging.flush();

        assertThat(lines(file))
                .filteredOn(line -> line.contains("IllegalStateException"))
                .singleElement()
                .asString()
                .endsWith("a [2Jb c");
        assertThat(lines(file)).anyMatch(line -> line.startsWith("\tat "));
    }

    @Test
    void theConsoleEscapesAsTheFileDoes() throws Exception {
        LoggerContext console = new LoggerContext();
        String ofTests = System.clearProperty(ClassicConstants.CONFIG_FILE_PROPERTY);
        new ConsoleLog().configure(console);
        System.setProperty(ClassicConstants.CONFIG_FILE_PROPERTY, ofTests);
        AsyncAppender async = (AsyncAppender)
                onlyAppender(console.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders());
        ConsoleAppender<?> appender = (ConsoleAppender<?>) onlyAppender(async.iteratorForAppenders());
        PatternLayout layout = (PatternLayout) ((PatternLayoutEncoder) appender.getEncoder()).getLayout();
        Throwable failure = new IllegalStateException("x\u001b[2Jy");
        String name = "a\r\nb\u001b[2J\u202ec";

        String line = layout.doLayout(new LoggingEvent(
                "", CONTEXT.getLogger("x"), ch.qos.logback.classic.Level.WARN, "name {}", failure, new Object[] {name
                }));

        assertThat(line.lines().findFirst().orElseThrow()).endsWith("name a b [2J c");
        assertThat(line)
                .doesNotContainPattern("[\\p{Cntrl}\\p{Cf}&&[^\\t\\r\\n]]")
                .containsOnlyOnce("x [2Jy");
    }

    @Test
    void logsAreForTheirUserAloneAlsoTheNextOnes() throws Exception {
        Path file = folder.resolve("logs/wslproxy.log");
        Logging.configure(new LogSettings(Level.INFO, Optional.of(file)), false);
        log.info("first");
        AsyncAppender async = (AsyncAppender)
                onlyAppender(CONTEXT.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders());
        RollingFileAppender<?> rolling = (RollingFileAppender<?>) onlyAppender(async.iteratorForAppenders());
        rolling.openFile(file + ".next"); // as it does when it rolls
        log.info("second");
        Logging.flush();

        try (var files = Files.list(file.getParent())) {
            assertThat(files).hasSize(2).allSatisfy(each -> assertThat(
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                    .isEqualTo("rw-------"));
        }
    }

    @Test
    void theFileRollsBySizeAndByDayAndAllOfThemAreBounded() throws Exception {
        Path file = folder.resolve("wslproxy.log");
        Logging.configure(new LogSettings(Level.INFO, Optional.of(file)), false);

        AsyncAppender async = (AsyncAppender)
                onlyAppender(CONTEXT.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders());
        assertThat(async.isNeverBlock()).isTrue();
        RollingFileAppender<?> rolling = (RollingFileAppender<?>) onlyAppender(async.iteratorForAppenders());
        assertThat(rolling.getFile()).isEqualTo(file.toString());
        assertThat(rolling.isAppend()).isTrue();
        assertThat(rolling.getRollingPolicy()).isInstanceOf(SizeAndTimeBasedRollingPolicy.class);
        SizeAndTimeBasedRollingPolicy<?> policy = (SizeAndTimeBasedRollingPolicy<?>) rolling.getRollingPolicy();
        assertThat(policy.isStarted()).isTrue();
        assertThat(policy.getMaxHistory()).isEqualTo(14);
        assertThat(policy).extracting("maxFileSize").isEqualTo(FileSize.valueOf("5MB"));
        assertThat(policy).extracting("totalSizeCap").isEqualTo(FileSize.valueOf("50MB"));
    }

    @Test
    void theLevelIsThatOfTheSettingsUnlessVerbose() throws Exception {
        Logging.configure(new LogSettings(Level.WARN, Optional.empty()), false);
        assertThat(log.isWarnEnabled()).isTrue();
        assertThat(log.isInfoEnabled()).isFalse();

        Logging.configure(new LogSettings(Level.WARN, Optional.empty()), true);
        assertThat(log.isDebugEnabled()).isTrue();
    }

    @Test
    void withoutAFileTheConsoleStays() throws Exception {
        Logging.configure(new LogSettings(Level.INFO, Optional.empty()), false);

        assertThat(onlyAppender(CONTEXT.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders()))
                .isInstanceOf(ConsoleAppender.class);
    }

    @Test
    void commandsThatSpeakForThemselvesLogErrorsOnly() {
        Logging.errorsOnly(false);
        assertThat(log.isErrorEnabled()).isTrue();
        assertThat(log.isWarnEnabled()).isFalse();

        Logging.errorsOnly(true);
        assertThat(log.isDebugEnabled()).isTrue();
    }

    @Test
    void aFileThatCannotBeWrittenIsSaidBeforeAnythingRuns() throws Exception {
        Path inTheWay = Files.writeString(folder.resolve("file"), "");
        LogSettings settings = new LogSettings(Level.INFO, Optional.of(inTheWay.resolve("wslproxy.log")));

        assertThatThrownBy(() -> Logging.configure(settings, false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(inTheWay.resolve("wslproxy.log").toString())
                .hasMessageContaining("[log] file");
        assertThat(onlyAppender(CONTEXT.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders()))
                .as("the console goes on")
                .isInstanceOf(ConsoleAppender.class);
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.readAllLines(file, UTF_8);
    }

    private static Appender<ILoggingEvent> onlyAppender(Iterator<Appender<ILoggingEvent>> appenders) {
        assertThat(appenders.hasNext()).isTrue();
        Appender<ILoggingEvent> only = appenders.next();
        assertThat(appenders.hasNext()).isFalse();
        return only;
    }
}
