package io.github.wslproxy.app;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that one configuration is run once. It is the system that holds the lock, so it ends with its process however
 * that ends. Used by one thread.
 */
public final class InstanceLock implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(InstanceLock.class);

    /** Somebody who only looks whether an instance runs holds the lock for a moment; that must not stop this one. */
    private static final int TRIES = 5;

    private static final long PAUSE_MILLIS = 100;

    private static final long STOP_LOOK_MILLIS = 500;

    private final Optional<InstanceFiles> files;
    private final @Nullable FileChannel channel;
    private final Optional<String> problem;

    private InstanceLock(Optional<InstanceFiles> files, @Nullable FileChannel channel, Optional<String> problem) {
        this.files = files;
        this.channel = channel;
        this.problem = problem;
    }

    /**
     * Where there can be no lock, because the configuration is no file or the folder cannot be written to, all else goes on
     * without. Logs nothing: two processes that have one log open keep it from rolling on Windows, so the lock is taken
     * before the log is opened.
     *
     * @throws AlreadyRunningException if another process runs this configuration
     */
    public static InstanceLock take(Path config, StateFolder state)
            throws AlreadyRunningException, InterruptedException {
        Optional<InstanceFiles> files = InstanceFiles.of(config, state);
        if (files.isEmpty()) {
            return new InstanceLock(files, null, Optional.empty());
        }
        try {
            return take(config, files.get());
        } catch (IOException e) {
            return new InstanceLock(
                    Optional.empty(),
                    null,
                    Optional.of("cannot lock " + files.get().lock() + ": " + FileFailure.why(e)
                            + "; a second start with this configuration would not be noticed, and wslproxy stop cannot"
                            + " reach this one"));
        }
    }

    private static InstanceLock take(Path config, InstanceFiles files)
            throws IOException, AlreadyRunningException, InterruptedException {
        OwnFiles.folderOf(files.lock());
        OwnFiles.file(files.lock());
        FileChannel channel = FileChannel.open(files.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (!isLocked(channel)) {
                channel.close();
                throw new AlreadyRunningException("it is running already with " + config + ", as "
                        + RunningInstance.read(files)
                                .map(other -> "pid " + other.pid())
                                .orElse("another process") + " (to end it: wslproxy stop --config " + config + ")");
            }
            InstanceLock lock = new InstanceLock(Optional.of(files), channel, Optional.empty());
            files.withdrawStop();
            lock.write(Optional.empty());
            return lock;
        } catch (IOException | InterruptedException e) {
            channel.close();
            throw e;
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException, InterruptedException {
        for (int tries = 1; true; tries++) {
            FileLock lock = InstanceFiles.tryLock(channel);
            if (lock != null) {
                return true;
            }
            if (tries == TRIES) {
                return false;
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    /** Tells those who ask that it has started, and what it said then; logs if nobody can ask. */
    public void announce(List<String> startTable) {
        problem.ifPresent(log::warn);
        try {
            write(Optional.of(startTable));
        } catch (IOException e) {
            log.warn("cannot write {}: {}", files.map(InstanceFiles::lock), FileFailure.why(e));
        }
    }

    private void write(Optional<List<String>> startTable) throws IOException {
        if (channel != null) {
            long pid = ProcessHandle.current().pid();
            InstanceFiles.write(channel, new InstanceText(pid, startTable).format());
        }
    }

    /** Returns when somebody has asked this instance to stop, which is looked for twice a second. */
    public void awaitStopRequest() throws InterruptedException {
        if (files.isEmpty()) {
            new CountDownLatch(1).await();
        }
        while (files.isPresent() && !Files.exists(files.get().stop())) {
            TimeUnit.MILLISECONDS.sleep(STOP_LOOK_MILLIS);
        }
    }

    /** Lets the next one start. */
    @Override
    public void close() {
        files.ifPresent(InstanceFiles::withdrawStop);
        try {
            if (channel != null) {
                InstanceFiles.write(channel, ""); // or whoever looks next would read of a process that has ended
                channel.close();
            }
        } catch (IOException e) {
            log.debug("the lock is released when this process ends: {}", e.getMessage());
        }
    }
}
