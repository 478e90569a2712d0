package io.github.wslproxy.wsl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WslExeTest {

    @Test
    void eachLineIsAName() {
        assertThat(WslExe.names("Ubuntu-22.04\n\n My Distribution \n"))
                .containsExactly("Ubuntu-22.04", "My Distribution");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--shutdown", "-e", "a\"b", "a\u001b[31mb", "a\u202eb", "a\u2028b", "a\u0007"})
    void whatWouldBeAnOptionOrCommandATerminalIsNoName(String line) {
        assertThat(WslExe.names(line + "\nUbuntu\n")).doesNotContain(line).contains("Ubuntu");
    }

    @Test
    void thoseOfDockerRancherAndPodmanCountOnlyWhereTheyAreNamed() {
        List<String> running = List.of("docker-desktop", "rancher-desktop", "podman-machine-default");

        assertThat(WslExe.pick(running, Optional.empty())).isEmpty();
        assertThat(WslExe.pick(running, Optional.of("Docker-Desktop"))).contains("docker-desktop");
        assertThat(WslExe.pick(List.of("docker-desktop", "Debian"), Optional.empty()))
                .contains("Debian");
    }

    @Test
    void whatIsLongerThanANameCanBeIsNone() {
        assertThat(WslExe.names("x".repeat(255) + "\n" + "y".repeat(256))).containsExactly("x".repeat(255));
    }
}
