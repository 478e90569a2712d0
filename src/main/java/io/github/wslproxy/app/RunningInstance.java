package io.github.wslproxy.app;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The process that runs a configuration, as it tells in its {@link InstanceFile}.
 *
 * @param config the absolute path of the configuration; empty if an earlier version runs it
 * @param started empty until it has started, and if an earlier version runs it
 */
public record RunningInstance(long pid, Optional<String> config, Optional<Started> started) {
    private static final long PAUSE_MILLIS = 100;
    private static final int LOOKS = 3;

    /** @throws IllegalArgumentException if no process can have that number */
    public RunningInstance {
        if (pid <= 0) {
            throw new IllegalArgumentException("pid " + pid);
        }
    }

    /**
     * What an instance tells once it has started.
     *
     * @param status where the status server listens; empty if it is off or has no address yet
     * @param ports the ports that the forwards listen on
     * @param table the lines that it printed for people
     */
    public record Started(
            Optional<InetSocketAddress> status, Map<Protocol, List<PortRange>> ports, List<String> table) {
        public Started {
            Map<Protocol, List<PortRange>> all = new EnumMap<>(Protocol.class);
            for (Protocol protocol : Protocol.values()) {
                all.put(protocol, List.copyOf(ports.getOrDefault(protocol, List.of())));
            }
            ports = Collections.unmodifiableMap(all);
            table = List.copyOf(table);
        }

        static Started of(Optional<InetSocketAddress> status, List<Forward> forwards, List<String> table) {
            Map<Protocol, List<PortRange>> ports = new EnumMap<>(Protocol.class);
            for (Forward forward : forwards) {
                forward.protocols().forEach(protocol -> forward.listens()
                        .forEach(listen -> ports.computeIfAbsent(protocol, unused -> new ArrayList<>())
                                .add(listen.ports())));
            }
            return new Started(status, ports, table);
        }

        boolean hasPort(Protocol protocol, int port) {
            return ports.getOrDefault(protocol, List.of()).stream().anyMatch(mine -> mine.overlaps(PortRange.of(port)));
        }
    }

    /** The lines that it printed when it had started. */
    public Optional<List<String>> startTable() {
        return started.map(Started::table);
    }

    /** Where its status server listens. */
    public Optional<InetSocketAddress> statusAddress() {
        return started.flatMap(Started::status);
    }

    /** Empty if none runs, or that cannot be told. */
    public static Optional<RunningInstance> of(Path config, StateDirectory state) {
        return file(config, state).flatMap(RunningInstance::look);
    }

    /**
     * Empty if none runs.
     *
     * @throws IOException if that cannot be told, because an instance could not have written its file; the message says
     *     why
     */
    public static Optional<RunningInstance> find(Path config, StateDirectory state) throws IOException {
        state.check();
        if (!couldBeWritten(state.instances())) {
            throw new IOException(state.instances() + " cannot be written to");
        }
        Optional<InstanceFile> file = InstanceFile.of(config, state);
        if (file.isEmpty() && Files.exists(config)) {
            throw new IOException(config + " is not a plain file");
        }
        return file.flatMap(RunningInstance::look);
    }

    /** Whether it is there or could be made. */
    private static boolean couldBeWritten(Path folder) {
        Path nearest = folder.toAbsolutePath();
        while (!Files.exists(nearest, LinkOption.NOFOLLOW_LINKS) && nearest.getParent() != null) {
            nearest = nearest.getParent();
        }
        return Files.isDirectory(nearest) && Files.isWritable(nearest);
    }

    /** Empty if nothing in the state directory may be relied on. */
    static Optional<InstanceFile> file(Path config, StateDirectory state) {
        return state.problem().isPresent() ? Optional.empty() : InstanceFile.of(config, state);
    }

    /** All instances of this user. A process that is one of them calls {@link #othersThan} instead. */
    public static List<RunningInstance> all(StateDirectory state) {
        return othersThan(Optional.empty(), state);
    }

    /**
     * All instances of this user but this process itself.
     *
     * @param own is not opened: POSIX takes a lock away when its process opens and closes the locked file once more
     */
    static List<RunningInstance> othersThan(Optional<InstanceFile> own, StateDirectory state) {
        if (state.problem().isPresent()) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(state.instances())) {
            return files.filter(file -> file.toString().endsWith(InstanceFile.SUFFIX))
                    .map(InstanceFile::new)
                    .filter(file -> !own.equals(Optional.of(file)))
                    .flatMap(file -> look(file).stream())
                    .toList();
        } catch (IOException none) {
            return List.of();
        }
    }

    /** Looks more than once, because a holder of the lock that tells nothing is about to start or to end. */
    private static Optional<RunningInstance> look(InstanceFile file) {
        for (int looks = 0; looks < LOOKS && isHeld(file); looks++) {
            Optional<RunningInstance> told = read(file);
            if (told.isPresent()) {
                return told;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
        }
        return Optional.empty();
    }

    static Optional<RunningInstance> read(InstanceFile file) {
        try {
            return InstanceJson.read(file.text());
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /**
     * Takes a shared lock, so that two who look do not take each other for an instance. One JVM looks once at a time.
     */
    private static synchronized boolean isHeld(InstanceFile file) {
        try (FileChannel channel = FileChannel.open(file.lock(), StandardOpenOption.READ);
                FileLock lock = InstanceFile.tryLook(channel)) {
            return lock == null;
        } catch (IOException notKnown) {
            return false;
        }
    }

    /**
     * Asks the instance to stop, which gives what is open a few seconds, and waits for its end.
     *
     * @return whether it ended in time, or there was none
     * @throws IOException if it cannot be asked
     */
    public static boolean stop(Path config, StateDirectory state, Duration patience)
            throws IOException, InterruptedException {
        Optional<InstanceFile> file = file(config, state).filter(RunningInstance::isHeld);
        if (file.isEmpty()) {
            return true;
        }
        file.get().requestStop();
        try {
            return awaitEnd(config, state, patience);
        } finally {
            file.get().withdrawStop();
        }
    }

    /** Waits for the end of the instance, whoever ends it; whether it came in time. */
    public static boolean awaitEnd(Path config, StateDirectory state, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (file(config, state).filter(RunningInstance::isHeld).isPresent()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        return true;
    }

    /** Removes what instances of this configuration have left, unless one runs. */
    public static void forget(Path config, StateDirectory state) throws IOException {
        file(config, state).filter(file -> !isHeld(file)).ifPresent(InstanceFile::delete);
        if (state.problem().isEmpty()) {
            deleteIfEmpty(state.instances());
        }
    }

    private static void deleteIfEmpty(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            if (files.findAny().isPresent()) {
                return;
            }
        }
        Files.delete(folder);
    }
}
