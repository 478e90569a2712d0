package io.github.wslproxy.wsl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdleTimeoutTest {
    private static final Duration DEFAULT = Duration.ofSeconds(15);

    @TempDir
    private Path home;

    @Test
    void itIsFifteenSecondsWhereNothingElseIsSaid() throws IOException {
        assertThat(timeout()).contains(DEFAULT);
        write("[wsl2]\nvmIdleTimeout=-1\n#instanceIdleTimeout=7\n");
        assertThat(timeout()).contains(DEFAULT);
        assertThat(new IdleTimeout(Optional.empty()).current()).contains(DEFAULT);
    }

    @Test
    void theFileMaySayOtherwise() throws IOException {
        write("\uFEFF[general]\r\n InstanceIdleTimeout = 60000 \r\n[wsl2]\r\nkernel=C:\\\\J\u00f6rg\r\n");
        assertThat(timeout()).contains(Duration.ofMinutes(1));
        write("[general]\ninstanceIdleTimeout=5\ninstanceIdleTimeout=-1");
        assertThat(timeout()).isEmpty();
    }

    @Test
    void itCountsInTheSectionInWhichWslHeedsItOnly() throws IOException {
        write(
                "instanceIdleTimeout=-1\n[general]\nhostname=a\n[wsl2]\ninstanceIdleTimeout=-1\n[experimental]\ninstanceIdleTimeout=1\n");
        assertThat(timeout()).contains(DEFAULT);
        write(
                "[wsl2]\ninstanceIdleTimeout=1\n[ General ] # here\ninstanceIdleTimeout=7000\n[wsl2]\ninstanceIdleTimeout=2\n");
        assertThat(timeout()).contains(Duration.ofSeconds(7));
    }

    @Test
    void aNumberThatIsNoneIsPassedOver() throws IOException {
        write("[general]\ninstanceIdleTimeout=99999999999999\n");
        assertThat(timeout()).contains(DEFAULT);
    }

    private Optional<Duration> timeout() {
        return new IdleTimeout(Optional.of(home)).current();
    }

    private void write(String text) throws IOException {
        Files.writeString(home.resolve(".wslconfig"), text);
    }
}
