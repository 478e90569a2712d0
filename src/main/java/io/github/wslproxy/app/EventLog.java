package io.github.wslproxy.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.github.wslproxy.os.SafeText;
import io.github.wslproxy.status.Snapshot.Event;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * The newest of what is worth telling, as the log has it. What clients cause is kept apart, so that a flood of them
 * does not push out that the VM has moved; that a link has ended is no event.
 */
final class EventLog extends AppenderBase<ILoggingEvent> {
    private static final String OWN = "io.github.wslproxy";
    private static final String RELAYS = OWN + ".relay.";
    private static final int MOST_OF_CLIENTS = 20;
    private static final int MOST_OF_OTHERS = 30;
    private static final int LONGEST = 400;

    /** Both guarded by this. */
    private final Deque<Event> ofClients = new ArrayDeque<>();

    private final Deque<Event> ofOthers = new ArrayDeque<>();

    /** Listens to the log until it is {@linkplain #detach detached}. */
    static EventLog attach() {
        EventLog events = new EventLog();
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        events.setContext(context);
        events.start();
        context.getLogger(OWN).addAppender(events);
        return events;
    }

    void detach() {
        Logger logger = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(OWN);
        logger.detachAppender(this);
        stop();
    }

    @Override
    protected void append(ILoggingEvent logged) {
        boolean ofClient = logged.getLoggerName().startsWith(RELAYS);
        Level least = ofClient ? Level.WARN : Level.INFO;
        if (logged.getLevel().isGreaterOrEqual(least)) {
            keep(event(logged), ofClient ? ofClients : ofOthers, ofClient ? MOST_OF_CLIENTS : MOST_OF_OTHERS);
        }
    }

    private static Event event(ILoggingEvent logged) {
        String text = SafeText.escaped(logged.getFormattedMessage());
        String line = text.length() > LONGEST ? text.substring(0, LONGEST) + " ..." : text;
        return new Event(logged.getInstant(), logged.getLevel().toString().toLowerCase(Locale.ROOT), line);
    }

    private synchronized void keep(Event event, Deque<Event> events, int most) {
        if (events.size() == most) {
            events.removeFirst();
        }
        events.addLast(event);
    }

    /** The newest last. */
    synchronized List<Event> newest() {
        return Stream.concat(ofClients.stream(), ofOthers.stream())
                .sorted(Comparator.comparing(Event::at))
                .toList();
    }
}
