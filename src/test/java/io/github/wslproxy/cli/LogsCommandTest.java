package io.github.wslproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.Await;
import java.nio.file.Files;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which log is shown, and how it is followed. */
@Tag("slow")
@Timeout(60)
class LogsCommandTest extends LogonFixture {
    @Test
    void logsNameTheFileAndShowItsEnd() throws Exception {
        writeLog(state.log(), "one\ntwo\nthree\n");

        assertThat(runWithConfig("logs", "-n", "2")).isZero();
        assertThat(out.toString().lines()).containsExactly(state.log() + ":", "two", "three");
    }

    @Test
    void logsFollowTheConfiguration() throws Exception {
        Files.writeString(config, Files.readString(config) + "[log]\nfile = \"mine.log\"\n");
        writeLog(temp.resolve("mine.log"), "mine\n");

        assertThat(runWithConfig("logs")).isZero();
        assertThat(out.toString().lines()).containsExactly(temp.resolve("mine.log") + ":", "mine");
    }

    @Test
    void withABrokenConfigurationTheDefaultLogIsShown() throws Exception {
        Files.writeString(config, "x =");
        writeLog(state.log(), "why\n");

        assertThat(runWithConfig("logs")).isZero();
        assertThat(err.toString()).contains(config.toString(), "wslproxy check");
        assertThat(out.toString()).contains("why");
    }

    @Test
    void withoutALogThatIsSaid() {
        assertThat(runWithConfig("logs")).isEqualTo(1);
        assertThat(err.toString().lines()).singleElement().asString().contains("no log yet at " + state.log());
    }

    @Test
    void logsGoOnWhileTheyAreFollowed() throws Exception {
        writeLog(state.log(), "one\n");
        Thread following = new Thread(() -> runWithConfig("logs", "--follow"));
        following.start();
        try {
            Await.until(() -> out.toString().contains("one"));
            writeLog(state.log(), "one\ntwo\n");
            Await.until(() -> out.toString().contains("two"));
        } finally {
            following.interrupt();
            following.join();
        }
    }
}
