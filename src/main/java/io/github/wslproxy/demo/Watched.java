package io.github.wslproxy.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One client that asks again and again on a thread of its own, and what it has seen. Safe for any thread. */
final class Watched {
    private static final long PAUSE_MILLIS = 100;

    private final String name;
    private final int port;
    private final DemoClient client;
    private final Thread thread;
    private String lastAnswer = "";
    private long answers;
    private String expected = "";
    private long expectedSince;
    private @Nullable Duration followedAfter;

    Watched(String name, int port, DemoClient client) {
        this.name = name;
        this.port = port;
        this.client = client;
        thread = new Thread(this::askForEver, "demo-client-" + name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    String name() {
        return name;
    }

    int port() {
        return port;
    }

    /** From now on answers should come from {@code address}. */
    synchronized void expect(String address) {
        expected = address;
        expectedSince = System.nanoTime();
        followedAfter = null;
    }

    /** The VM is gone: nobody should answer. */
    synchronized void expectNobody() {
        expected = "";
        lastAnswer = "";
    }

    /** How long the first answer from the expected address took; empty while there was none. */
    synchronized Optional<Duration> followedAfter() {
        return Optional.ofNullable(followedAfter);
    }

    /** The address that answered last, or {@code -} if the newest question got no answer. */
    synchronized String lastAnswer() {
        return lastAnswer.isEmpty() ? "-" : lastAnswer;
    }

    synchronized long answers() {
        return answers;
    }

    private void askForEver() {
        try {
            while (true) {
                note(askOnce());
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private String askOnce() {
        try {
            return client.ask();
        } catch (IOException noAnswer) {
            return "";
        }
    }

    private synchronized void note(String answer) {
        lastAnswer = answer;
        if (answer.isEmpty()) {
            return;
        }
        answers++;
        if (followedAfter == null && answer.equals(expected)) {
            followedAfter = Duration.ofNanos(System.nanoTime() - expectedSince);
        }
    }
}
