package io.github.wslproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.github.wslproxy.relay.RateLimitedLog;
import io.github.wslproxy.status.Snapshot.Event;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

class EventLogTest {
    private static final Logger PROXY = LoggerFactory.getLogger("io.github.wslproxy.wsl.Some");
    private static final Logger RELAY = LoggerFactory.getLogger("io.github.wslproxy.relay.tcp.TcpRelay");
    private static final Marker CLIENTS = RateLimitedLog.MARKER;

    private final EventLog events = EventLog.attach();

    private final ch.qos.logback.classic.Logger own =
            (ch.qos.logback.classic.Logger) LoggerFactory.getLogger("io.github.wslproxy");
    private final @Nullable Level before = own.getLevel();

    @BeforeEach
    void logAsTheProgramDoes() {
        own.setLevel(Level.INFO);
    }

    @AfterEach
    void detach() {
        events.detach();
        own.setLevel(before);
    }

    @Test
    void whatTheProxySaysIsAnEventAndTheEndOfALinkIsNone() {
        PROXY.info("WSL is at {}", "172.30.98.229");
        RELAY.info(CLIENTS, "[web] a link ended");
        RELAY.warn(CLIENTS, "[web] refused");
        PROXY.debug("a detail");

        assertThat(events.newest())
                .extracting(Event::level, Event::text)
                .satisfiesExactly(
                        first -> assertThat(first.toList()).containsExactly("info", "WSL is at 172.30.98.229"),
                        second -> assertThat(second.toList()).containsExactly("warn", "[web] refused"));
    }

    @Test
    void aFloodOfClientsPushesOutNothingButItself() {
        PROXY.info("moved");
        for (int i = 0; i < 1000; i++) {
            RELAY.warn(CLIENTS, "refused {}", i);
        }

        assertThat(events.newest()).hasSize(21).extracting(Event::text).contains("moved", "refused 999");
    }

    @Test
    void thereIsNeverMoreThanAPageOfThem() {
        for (int i = 0; i < 1000; i++) {
            PROXY.info("{}", i);
        }

        assertThat(events.newest()).hasSize(30).last().extracting(Event::text).isEqualTo("999");
    }

    @Test
    void whatANameOrAPeerSmugglesInStaysOnOneLineAndShort() {
        PROXY.info("a\nb\u001b[31m" + "x".repeat(5000));

        assertThat(events.newest())
                .singleElement()
                .extracting(Event::text)
                .asString()
                .startsWith("a\\u000ab\\u001b[31mx")
                .hasSizeLessThan(500);
    }
}
