package io.github.wslproxy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Stands where the program would be ended: hears of what no part has dealt with. What is not asked for fails the test.
 */
public final class Escalations implements BeforeEachCallback, AfterEachCallback {
    private final BlockingQueue<Throwable> heard = new LinkedBlockingQueue<>();
    private Thread.@Nullable UncaughtExceptionHandler before;

    @Override
    public void beforeEach(ExtensionContext test) {
        before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> heard.add(failure));
    }

    @Override
    public void afterEach(ExtensionContext test) {
        Thread.setDefaultUncaughtExceptionHandler(before);
        assertThat(heard).as("what would have ended the program").isEmpty();
    }

    /** The next that would have ended the program. */
    public Throwable next() throws InterruptedException {
        Throwable next = heard.poll(10, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing would have ended the program");
        }
        return next;
    }
}
