package io.github.wslproxy.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wslproxy.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DetachedProcessTest {
    @TempDir
    Path folder;

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs sh")
    void runsWithoutInputAndOutputInItsFolder() throws Exception {
        DetachedProcess.start(
                List.of("sh", "-c", "cat; echo unheard; echo unheard >&2; pwd -P > place.new; mv place.new place"),
                folder);

        Path place = folder.resolve("place");
        Await.until(() -> Files.exists(place));
        assertThat(place).hasContent(folder.toRealPath() + "\n");
    }

    @Test
    void aProgramThatIsNotThereIsAFailure() {
        assertThatThrownBy(() -> DetachedProcess.start(List.of("no-such-program-here"), folder))
                .isInstanceOf(IOException.class);
    }
}
