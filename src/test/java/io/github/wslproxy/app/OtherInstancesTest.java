package io.github.wslproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.os.UserFolders;
import io.github.wslproxy.forward.Protocol;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OtherInstancesTest {
    @TempDir
    private Path folder;

    @Test
    void aPortThatAnotherInstanceListensOnIsSaidToBeIts() throws Exception {
        StateDirectory state = new StateDirectory(folder.resolve("state"), folder.resolve("state/log"));
        Path mine = Files.writeString(folder.resolve("mine.toml"), "");
        Path other = Files.writeString(folder.resolve("other.toml"), "");
        OtherInstances others = new OtherInstances(mine, state);
        try (InstanceLock lock = InstanceLock.take(other, state)) {
            lock.announce(List.of(
                    "wslproxy 1 is running. WSL is at 172.30.98.229 (the only address).",
                    "FORWARD  PROTOCOL  LISTENS ON             GOES TO   LAN URL",
                    "vite     tcp       *:5173 [::]:9000-9010  wsl:3000  -",
                    RunningInstance.CONFIGURATION + other));

            assertThat(others.describe(Protocol.TCP, 5173))
                    .contains("tcp port 5173 is held by another wslproxy (pid "
                            + ProcessHandle.current().pid() + "), which runs " + other
                            + ": wslproxy stop --config " + other + " ends that one");
            assertThat(others.describe(Protocol.TCP, 9010)).isPresent();
            assertThat(others.describe(Protocol.UDP, 5173)).isEmpty();
            assertThat(others.describe(Protocol.TCP, 3000)).isEmpty();
            assertThat(new OtherInstances(other, state).describe(Protocol.TCP, 5173))
                    .isEmpty();
            assertThat(RunningInstance.all(state)).singleElement().satisfies(running -> assertThat(running.config())
                    .contains(other.toString()));
        }
        assertThat(others.describe(Protocol.TCP, 5173)).isEmpty();
    }

    /** POSIX would take the lock away from a process that opens the file once more and closes that. */
    @Test
    void theOwnLockIsLeftAloneAlsoWhereTheConfigurationHasBecomeAFolder() throws Exception {
        StateDirectory state = new StateDirectory(folder.resolve("state"), folder.resolve("state/log"));
        Path mine = Files.writeString(folder.resolve("mine.toml"), "");
        try (InstanceLock lock = InstanceLock.take(mine, state)) {
            lock.announce(List.of(
                    "wslproxy 1 is running. WSL is at 172.30.98.229 (the only address).",
                    "FORWARD  PROTOCOL  LISTENS ON  GOES TO   LAN URL",
                    "vite     tcp       *:5173      wsl:3000  -"));
            OtherInstances others = new OtherInstances(mine, state);
            Files.delete(mine);
            Files.createDirectory(mine);

            assertThat(others.describe(Protocol.TCP, 5173)).isEmpty();
        }
    }

    @Test
    void withoutAHomeNoOtherInstanceIsKnown() {
        StateDirectory none = StateDirectory.of(false, new UserFolders(false, Map.of("HOME", ""), ""));

        assertThat(new OtherInstances(folder.resolve("mine.toml"), none).describe(Protocol.TCP, 5173))
                .isEmpty();
    }
}
