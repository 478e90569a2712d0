package io.github.wslproxy.app;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The process that runs a configuration.
 *
 * @param startTable what it said when it had started; empty: it has not finished to start
 */
public record RunningInstance(long pid, Optional<List<String>> startTable) {
    private static final long PAUSE_MILLIS = 100;
    private static final int LOOKS = 3;

    /** What a line of the start table begins with; the rest of it is the path of the configuration that runs. */
    public static final String CONFIGURATION = "configuration: ";

    /** Empty if none runs, or that cannot be told. */
    public static Optional<RunningInstance> of(Path config, StateDirectory state) {
        return files(config, state).flatMap(RunningInstance::look);
    }

    /**
     * Empty if none runs.
     *
     * @throws IOException if that cannot be told, since an instance would have found no place to say it; the message
     *     says why
     */
    public static Optional<RunningInstance> find(Path config, StateDirectory state) throws IOException {
        state.check();
        if (!couldBeWritten(state.instances())) {
            throw new IOException(state.instances() + " cannot be written to");
        }
        Optional<InstanceFiles> files = InstanceFiles.of(config, state);
        if (files.isEmpty() && Files.exists(config)) {
            throw new IOException(config + " is not a plain file");
        }
        return files.flatMap(RunningInstance::look);
    }

    /** Whether it is there or could be made. */
    private static boolean couldBeWritten(Path folder) {
        Path nearest = folder.toAbsolutePath();
        while (!Files.exists(nearest, LinkOption.NOFOLLOW_LINKS) && nearest.getParent() != null) {
            nearest = nearest.getParent();
        }
        return Files.isDirectory(nearest) && Files.isWritable(nearest);
    }

    /** Empty if there is nothing in it that may be relied on. */
    private static Optional<InstanceFiles> files(Path config, StateDirectory state) {
        return state.problem().isPresent() ? Optional.empty() : InstanceFiles.of(config, state);
    }

    /**
     * Those that run with whatever configuration. Not for a process that is one of them: POSIX takes its lock away when
     * it closes a file that it has locked.
     */
    public static List<RunningInstance> all(StateDirectory state) {
        return except(Optional.empty(), state);
    }

    /** @param ownLock of this process, if it has one, which is left alone */
    static List<RunningInstance> othersThan(Optional<Path> ownLock, StateDirectory state) {
        return except(ownLock, state);
    }

    private static List<RunningInstance> except(Optional<Path> lockFile, StateDirectory state) {
        if (state.problem().isPresent()) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(state.instances())) {
            return files.filter(file -> file.toString().endsWith(".lock"))
                    .filter(file -> !lockFile.equals(Optional.of(file)))
                    .map(lock -> new InstanceFiles(lock, lock.resolveSibling("no.stop")))
                    .flatMap(instance -> look(instance).stream())
                    .toList();
        } catch (IOException none) {
            return List.of();
        }
    }

    /** The configuration that it runs, if it has finished to start and said so. */
    public Optional<String> config() {
        return startTable.stream()
                .flatMap(List::stream)
                .filter(line -> line.startsWith(CONFIGURATION))
                .map(line -> line.substring(CONFIGURATION.length()))
                .findFirst();
    }

    /** Who holds the lock and says nothing is about to say it, or about to let go. */
    private static Optional<RunningInstance> look(InstanceFiles files) {
        for (int looks = 0; looks < LOOKS && isHeld(files); looks++) {
            Optional<RunningInstance> told = read(files);
            if (told.isPresent()) {
                return told;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
        }
        return Optional.empty();
    }

    static Optional<RunningInstance> read(InstanceFiles files) {
        try {
            return InstanceText.parse(files.read()).map(text -> new RunningInstance(text.pid(), text.startTable()));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /**
     * Those who look share their lock, so that none takes another one for an instance; within one JVM they take turns.
     */
    private static synchronized boolean isHeld(InstanceFiles files) {
        try (FileChannel channel = FileChannel.open(files.lock(), StandardOpenOption.READ);
                FileLock lock = InstanceFiles.tryLook(channel)) {
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
        Optional<InstanceFiles> files = files(config, state).filter(RunningInstance::isHeld);
        if (files.isEmpty()) {
            return true;
        }
        files.get().requestStop();
        try {
            return awaitEnd(config, state, patience);
        } finally {
            files.get().withdrawStop();
        }
    }

    /** Waits for the end of the instance, whoever ends it; whether it came in time. */
    public static boolean awaitEnd(Path config, StateDirectory state, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (files(config, state).filter(RunningInstance::isHeld).isPresent()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        return true;
    }

    /** Removes what instances of this configuration have left, unless one runs. */
    public static void forget(Path config, StateDirectory state) throws IOException {
        files(config, state).filter(files -> !isHeld(files)).ifPresent(InstanceFiles::delete);
        if (state.problem().isEmpty()) {
            deleteIfEmpty(state.instances());
        }
    }

    private static void deleteIfEmpty(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (var files = Files.list(folder)) {
            if (files.findAny().isPresent()) {
                return;
            }
        }
        Files.delete(folder);
    }
}
