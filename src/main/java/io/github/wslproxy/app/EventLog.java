package io.github.wslproxy.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.github.wslproxy.os.SafeText;
import io.github.wslproxy.relay.RateLimitedLog;
import io.github.wslproxy.status.Snapshot.Event;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * The newest lines of the log that are worth telling. It keeps those of a {@link RateLimitedLog} apart, so that a flood
 * of clients does not push out that the VM has moved, and leaves out its information, such as the end of a connection.
 */
final class EventLog extends AppenderBase<ILoggingEvent> {
    private static final String OWN = "io.github.wslproxy";
    private static final int MOST_RATE_LIMITED = 20;
    private static final int MOST_OTHERS = 30;
    private static final int LONGEST = 400;

    /** Guarded by this. */
    private final Deque<Event> rateLimited = new ArrayDeque<>();

    /** Guarded by this. */
    private final Deque<Event> others = new ArrayDeque<>();

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
        List<Marker> markers = logged.getMarkerList();
        boolean isRateLimited = markers != null && markers.contains(RateLimitedLog.MARKER);
        if (isRateLimited && logged.getLevel().isGreaterOrEqual(Level.WARN)) {
            keep(event(logged), rateLimited, MOST_RATE_LIMITED);
        } else if (!isRateLimited && logged.getLevel().isGreaterOrEqual(Level.INFO)) {
            keep(event(logged), others, MOST_OTHERS);
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
        return Stream.concat(rateLimited.stream(), others.stream())
                .sorted(Comparator.comparing(Event::at))
                .toList();
    }
}
