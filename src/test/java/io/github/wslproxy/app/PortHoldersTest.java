package io.github.wslproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.app.RunningInstance.Started;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.os.UserFolders;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortHoldersTest {
    private static final Started STARTED = new Started(
            Optional.empty(),
            Map.of(Protocol.TCP, List.of(PortRange.of(5173), new PortRange(9000, 9010)), Protocol.UDP, List.of()),
            List.of());

    @TempDir
    private Path folder;

    private StateDirectory state;
    private Path mine;

    @BeforeEach
    void write() throws IOException {
        state = new StateDirectory(folder.resolve("state"), folder.resolve("state/log"));
        mine = Files.writeString(folder.resolve("mine.toml"), "");
    }

    private static Optional<String> holder(PortHolders holders, Protocol protocol, int port) {
        return holders.describe(protocol, port).filter(who -> who.contains("another wslproxy"));
    }

    @Test
    void aPortThatAnotherInstanceListensOnIsSaidToBeIts() throws Exception {
        Path other = Files.writeString(folder.resolve("other.toml"), "");
        PortHolders holders = new PortHolders(Optional.of(mine), state);
        try (InstanceLock lock = InstanceLock.take(other, state)) {
            lock.announce(STARTED);

            assertThat(holder(holders, Protocol.TCP, 5173))
                    .contains("tcp port 5173 is held by another wslproxy (pid "
                            + ProcessHandle.current().pid() + "), which runs " + other
                            + ": wslproxy stop --config " + other + " ends that one");
            assertThat(holder(holders, Protocol.TCP, 9010)).isPresent();
            assertThat(holder(holders, Protocol.UDP, 5173)).isEmpty();
            assertThat(holder(holders, Protocol.TCP, 3000)).isEmpty();
            assertThat(holder(new PortHolders(Optional.of(other), state), Protocol.TCP, 5173))
                    .isEmpty();
            assertThat(RunningInstance.all(state)).singleElement().satisfies(running -> assertThat(running.config())
                    .contains(other.toString()));
        }
        assertThat(holder(holders, Protocol.TCP, 5173)).isEmpty();
    }

    @Test
    void thePortsOfOtherInstancesAreKnownFromOneLookToTheNext() throws Exception {
        Path other = Files.writeString(folder.resolve("other.toml"), "");
        PortHolders holders = new PortHolders(Optional.of(mine), state);
        PortHolders own = new PortHolders(Optional.of(other), state);
        try (InstanceLock lock = InstanceLock.take(other, state)) {
            lock.announce(new Started(
                    Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9888)),
                    STARTED.ports(),
                    List.of()));
            assertThat(holders.isOfAnother(5173)).isFalse();

            holders.look();
            own.look();

            assertThat(List.of(5173, 9005, 9888)).allMatch(holders::isOfAnother);
            assertThat(holders.isOfAnother(3000)).isFalse();
            assertThat(own.isOfAnother(5173)).isFalse();
        }
        holders.look();
        assertThat(holders.isOfAnother(5173)).isFalse();
    }

    /** POSIX would take the lock away from a process that opens the file once more and closes that. */
    @Test
    void theOwnLockIsLeftAloneAlsoWhereTheConfigurationHasBecomeAFolder() throws Exception {
        try (InstanceLock lock = InstanceLock.take(mine, state)) {
            lock.announce(STARTED);
            PortHolders holders = new PortHolders(Optional.of(mine), state);
            Files.delete(mine);
            Files.createDirectory(mine);

            assertThat(holder(holders, Protocol.TCP, 5173)).isEmpty();
        }
    }

    @Test
    void withoutAHomeNoOtherInstanceIsKnown() {
        StateDirectory none = StateDirectory.of(false, new UserFolders(false, Map.of("HOME", ""), ""));

        assertThat(holder(new PortHolders(Optional.of(mine), none), Protocol.TCP, 5173))
                .isEmpty();
    }

    @Test
    void onlySoManyQuestionsAreAnswered() throws Exception {
        PortHolders holders = new PortHolders(Optional.of(mine), state);
        try (InstanceLock lock = InstanceLock.take(Files.writeString(folder.resolve("other.toml"), ""), state)) {
            lock.announce(STARTED);
            for (int asked = 0; asked < 32; asked++) {
                assertThat(holder(holders, Protocol.TCP, 5173)).isPresent();
            }

            assertThat(holder(holders, Protocol.TCP, 5173)).isEmpty();
        }
    }
}
