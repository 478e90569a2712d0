package io.github.wslproxy.os;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.Escalations;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FaultTest {
    @RegisterExtension
    final Escalations escalations = new Escalations();

    private final List<Throwable> said = new ArrayList<>();

    @Test
    void anExceptionIsSaidAndNoMore() {
        RuntimeException defect = new IllegalStateException("no");

        Fault.contain(() -> raise(defect), said::add);

        assertThat(said).containsExactly(defect);
    }

    @Test
    void anErrorIsNotContained() throws Exception {
        Error fatal = new NoClassDefFoundError("io/github/wslproxy/Gone");

        Fault.contain(() -> raise(fatal), said::add);
        Fault.escalateFatal(fatal);

        assertThat(said).isEmpty();
        assertThat(escalations.next()).isSameAs(fatal);
        assertThat(escalations.next()).isSameAs(fatal);
    }

    @Test
    void nothingMayBeHalfDoneWithoutAWord() throws Exception {
        RuntimeException defect = new IllegalStateException("no");

        Fault.escalating(() -> raise(defect));

        assertThat(escalations.next()).isSameAs(defect);
    }

    /** java.nio.Bits says it with this message, Netty with a class of its own. */
    @Test
    void buffersThatAreUsedUpAreNoReasonToEnd() {
        Error ofTheJdk = new OutOfMemoryError("Cannot reserve 65536 bytes of direct buffer memory");
        Error ofNetty = new OutOfMemoryError("failed to allocate 65536 byte(s) of direct memory") {};

        Fault.contain(() -> raise(ofTheJdk), said::add);
        Fault.contain(() -> raise(ofNetty), said::add);
        Fault.escalateFatal(ofNetty);

        assertThat(said).containsExactly(ofTheJdk, ofNetty);
    }

    @Test
    void aThreadThatCannotBeStartedIsOne() throws Exception {
        Error noThread = new OutOfMemoryError("unable to create native thread");

        Fault.contain(() -> raise(noThread), said::add);

        assertThat(escalations.next()).isSameAs(noThread);
    }

    @Test
    void aFailureIsOneLineOfLimitedLengthThatSaysWhere() {
        Throwable root = new IllegalArgumentException("first\nsecond\u001b[31m" + "x".repeat(5000));

        String line = Fault.line(new IllegalStateException("outer", root));

        assertThat(line)
                .startsWith(
                        "java.lang.IllegalStateException: outer, by java.lang.IllegalArgumentException: first second")
                .endsWith("(at FaultTest.java:" + root.getStackTrace()[0].getLineNumber() + ")")
                .hasSizeLessThan(400)
                .doesNotContain("\n", "\u001b");
    }

    @Test
    void scheduledWorkThatFailsIsHeardOfAndNotSilentlyDropped() throws Exception {
        RuntimeException defect = new IllegalStateException("no");
        NamedThreads threads = new NamedThreads("some-part", 1);
        try {
            threads.scheduleWithFixedDelay(() -> raise(defect), 0, 1, TimeUnit.MILLISECONDS);
            assertThat(escalations.next()).isSameAs(defect);

            threads.execute(() -> raise(defect));
            assertThat(escalations.next()).isSameAs(defect);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void workThatIsCutShortByTheEndIsNotAFailure() throws Exception {
        NamedThreads threads = new NamedThreads("some-part", 1);
        threads.scheduleWithFixedDelay(() -> {}, 0, 1, TimeUnit.MILLISECONDS);
        threads.execute(() -> {
            threads.shutdownNow();
            raise(new IllegalStateException("everything it needs has gone"));
        });

        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    private static void raise(Throwable failure) {
        if (failure instanceof Error fatal) {
            throw fatal;
        }
        throw (RuntimeException) failure;
    }
}
