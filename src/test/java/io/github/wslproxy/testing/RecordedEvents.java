package io.github.wslproxy.testing;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.concurrent.CopyOnWriteArrayList;

/** What is logged; its list may be read while more comes from other threads. */
public final class RecordedEvents extends ListAppender<ILoggingEvent> {
    public RecordedEvents() {
        list = new CopyOnWriteArrayList<>();
    }
}
