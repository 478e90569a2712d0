package io.github.wslproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wslproxy.app.InstanceLock;
import io.github.wslproxy.app.RunningInstance.Started;
import io.github.wslproxy.app.StateDirectory;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.status.StatusSamples;
import io.github.wslproxy.testing.Await;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Instances that do not heed the request to stop: this JVM holds the lock and names processes that only sleep. */
@Tag("slow")
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "starts sleep")
@Timeout(60)
class InstanceStopTest {
    /** As in InstanceFile. */
    private static final long LOCKED_BYTE = 1L << 30;

    @TempDir
    Path temp;

    private final Process first = sleep();
    private final Process second = sleep();

    private static Process sleep() {
        try {
            return new ProcessBuilder("sleep", "60").start();
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void end() {
        first.destroyForcibly();
        second.destroyForcibly();
    }

    /** Ten seconds after it was read, the number of a process may be that of another program. */
    @Test
    void whoHoldsTheLockThenIsKilledAndNoOther() throws Exception {
        StateDirectory state = new StateDirectory(temp.resolve("state"), temp.resolve("log"));
        Path config = Files.writeString(temp.resolve("proxy.toml"), "");
        try (FileChannel lock = FileChannel.open(lockFile(config, state), StandardOpenOption.WRITE)) {
            lock.lock(LOCKED_BYTE, 1, false);
            write(lock, first);
            CompletableFuture<String> end = CompletableFuture.supplyAsync(() -> stop(config, state));
            Await.until(this::isAskedToStop); // it is given two seconds then
            write(lock, second);
            second.onExit().thenRun(() -> close(lock));

            assertThat(end.get(30, TimeUnit.SECONDS)).contains("(pid " + second.pid() + ")", "was killed");
        }
        assertThat(first.isAlive()).isTrue();
        assertThat(second.isAlive()).isFalse();
    }

    @Test
    void whatCannotBeEndedIsNamedWithTheCommandOfThisSystem() throws Exception {
        StateDirectory state = new StateDirectory(temp.resolve("state"), temp.resolve("log"));
        Path config = Files.writeString(temp.resolve("proxy.toml"), "");
        try (FileChannel lock = FileChannel.open(lockFile(config, state), StandardOpenOption.WRITE)) {
            lock.lock(LOCKED_BYTE, 1, false);
            write(lock, first); // Killed, it leaves the lock held all the same: this JVM has it.

            assertThatThrownBy(() -> new InstanceStop(config, state, Duration.ofSeconds(1)).carryOut(Optional.empty()))
                    .hasMessageEndingWith("does not end; try: kill -9 " + first.pid());
        }
    }

    /** Its disk was full when it started. */
    @Test
    void oneThatCouldMakeNoFileIsNotSaidNotToRun() throws Exception {
        try (FakeProxy proxy = new FakeProxy(temp)) {
            Snapshot snapshot = StatusSamples.of(StatusSamples.listening("vite"));
            proxy.answers(StatusSamples.withConfig(snapshot, proxy.config.toString(), ""));
            InstanceStop stop = new InstanceStop(proxy.config, proxy.state);

            assertThatThrownBy(() -> stop.carryOut(Optional.empty()))
                    .hasMessage("wslproxy (pid " + snapshot.pid() + ") runs with " + proxy.config
                            + ", but has no file by which it could be asked to stop (its log says why)."
                            + " To stop it: Ctrl-C in its window, or kill " + snapshot.pid());

            proxy.show(StatusSamples.withConfig(
                    snapshot, temp.resolve("other.toml").toString(), ""));
            assertThat(stop.carryOut(Optional.empty())).startsWith("No wslproxy is running");
        }
    }

    /** An empty one, as an instance has made it that holds no lock yet. */
    private Path lockFile(Path config, StateDirectory state) throws Exception {
        Path made;
        try (InstanceLock lock = InstanceLock.take(config, state);
                Stream<Path> files = Files.list(temp.resolve("state/run"))) {
            lock.announce(new Started(Optional.empty(), Map.of(), List.of()));
            made = files.findFirst().orElseThrow();
        }
        return Files.createFile(made);
    }

    private boolean isAskedToStop() throws Exception {
        try (Stream<Path> files = Files.list(temp.resolve("state/run"))) {
            return files.anyMatch(file -> file.toString().endsWith(".stop"));
        }
    }

    private static String stop(Path config, StateDirectory state) {
        try {
            return new InstanceStop(config, state, Duration.ofSeconds(2)).carryOut(Optional.empty());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void write(FileChannel lock, Process named) throws Exception {
        lock.write(ByteBuffer.wrap(String.format("%010d%n", named.pid()).getBytes(StandardCharsets.UTF_8)), 0);
    }

    private static void close(FileChannel lock) {
        try {
            lock.close();
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }
}
