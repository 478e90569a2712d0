package io.github.wslproxy.app;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.ClassicConstants;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.status.NopStatusListener;
import io.github.wslproxy.os.ConsoleCharset;
import org.slf4j.Logger;

/**
 * Sends the log to the console until {@link Logging} knows better. Logback finds it by its service file. It is code,
 * because an XML file would cost each start 0.1 s; a file that {@code -Dlogback.configurationFile} names wins.
 */
public final class ConsoleLog extends ContextAwareBase implements Configurator {
    private static final String TIME = "%d{HH:mm:ss.SSS}";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty(ClassicConstants.CONFIG_FILE_PROPERTY) != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        // Logback would print its remarks on this to stdout.
        context.getStatusManager().add(new NopStatusListener());
        // Netty reports with a stack trace what the relays report already.
        context.getLogger("io.netty").setLevel(Level.ERROR);
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(appender(context));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static AsyncAppender appender(LoggerContext context) {
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setName("CONSOLE");
        console.setTarget("System.err");
        console.setEncoder(Logging.encoder(context, TIME, ConsoleCharset.ofStderr()));
        console.start();
        return Logging.neverBlocking(context, console);
    }
}
