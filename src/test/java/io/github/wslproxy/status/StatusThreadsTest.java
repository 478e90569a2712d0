package io.github.wslproxy.status;

import io.github.wslproxy.testing.Escalations;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StatusThreadsTest {
    @RegisterExtension
    final Escalations escalations = new Escalations();

    /** As when an edit moves the status address, or the program stops, while somebody asks. */
    @Test
    void anExchangeThatComesWithTheEndDoesNotEndTheProgram() {
        for (int i = 0; i < 200; i++) {
            StatusThreads threads = new StatusThreads(Duration.ofSeconds(3));
            threads.execute(() -> {});
            threads.close();
        }
    }
}
