package io.github.wslproxy.app;

import io.github.wslproxy.app.RunningInstance.Started;
import io.github.wslproxy.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A configuration, a state folder, and other processes that run or look at it. */
abstract class InstanceFixture {
    static final long OWN_PID = ProcessHandle.current().pid();
    static final Duration NOT_LONG = Duration.ofSeconds(15);

    static final String KILLED =
            InstanceJson.write(new RunningInstance(4711, Optional.of("/proxy.toml"), Optional.empty()));

    @TempDir
    Path temp;

    StateDirectory state;
    Path config;

    @BeforeEach
    void write() throws IOException {
        state = new StateDirectory(temp.resolve("state"), temp.resolve("state/wslproxy.log"));
        config = Files.writeString(temp.resolve("proxy.toml"), "");
    }

    static Started started(String... table) {
        return new Started(Optional.empty(), Map.of(), List.of(table));
    }

    InstanceLock take(Path file) throws Exception {
        return InstanceLock.take(file, state);
    }

    /** Runs until it is killed. */
    public static final class OtherProcess {
        private OtherProcess() {}

        /** Takes the lock of the configuration and state folder that it is given. */
        public static void main(String[] arguments) throws Exception {
            Path state = Path.of(arguments[1]);
            InstanceLock lock =
                    InstanceLock.take(Path.of(arguments[0]), new StateDirectory(state, state.resolve("log")));
            lock.announce(started("started"));
            TimeUnit.DAYS.sleep(1);
        }
    }

    Process otherProcess() throws Exception {
        Process other = start(OtherProcess.class);
        Await.until(() -> !other.isAlive()
                || RunningInstance.of(config, state)
                        .flatMap(RunningInstance::startTable)
                        .isPresent());
        return other;
    }

    Process start(Class<?> main) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName(),
                        config.toString(),
                        state.path().toString(),
                        temp.resolve("looking").toString())
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("other.out").toFile())
                .start();
    }
}
