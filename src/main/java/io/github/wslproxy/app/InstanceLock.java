package io.github.wslproxy.app;

import io.github.wslproxy.os.NoHomeException;
import io.github.wslproxy.os.OperatingSystem;
import io.github.wslproxy.os.OwnCommand;
import io.github.wslproxy.os.TerminalText;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that one configuration is run once. It is the system that holds the lock, so it ends with its process
 * however that ends. Used by one thread.
 */
public final class InstanceLock implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(InstanceLock.class);

    /** Somebody who only looks whether an instance runs holds the lock for a moment; that must not stop this one. */
    private static final int TRIES = 5;

    private static final long PAUSE_MILLIS = 100;

    private static final long STOP_LOOK_MILLIS = 500;

    private final Optional<InstanceFiles> files;

    /** Not a channel, which a stop that comes while it is written to would close, and so give the lock away. */
    private final @Nullable RandomAccessFile file;

    private final Optional<String> problem;

    /** The process that ended without letting go. */
    private final Optional<Long> left;

    private InstanceLock(
            Optional<InstanceFiles> files,
            @Nullable RandomAccessFile file,
            Optional<String> problem,
            Optional<Long> left) {
        this.files = files;
        this.file = file;
        this.problem = problem;
        this.left = left;
    }

    /**
     * Where there can be no lock, because the configuration is no file or the folder cannot be written to, all else
     * goes on without. Logs nothing: two processes that have one log open keep it from rolling on Windows, so the lock
     * is taken before the log is opened.
     *
     * @throws AlreadyRunningException if another process runs this configuration
     */
    public static InstanceLock take(Path config, StateDirectory state)
            throws AlreadyRunningException, InterruptedException {
        try {
            Optional<InstanceFiles> files = InstanceFiles.of(config, state);
            return files.isEmpty()
                    ? new InstanceLock(files, null, Optional.empty(), Optional.empty())
                    : take(config, state, files.get());
        } catch (NoHomeException noHome) {
            return without(String.valueOf(noHome.getMessage()));
        } catch (IOException e) {
            return without(IoErrors.why(e));
        }
    }

    private static InstanceLock without(String why) {
        String problem = "this run cannot be locked: " + why
                + "; a second start with this configuration would not be noticed, and wslproxy stop cannot reach this one";
        return new InstanceLock(Optional.empty(), null, Optional.of(problem), Optional.empty());
    }

    private static InstanceLock take(Path config, StateDirectory state, InstanceFiles files)
            throws IOException, AlreadyRunningException, InterruptedException {
        PrivateFiles.folderOf(files.lock());
        state.check();
        Optional<InstanceLock> lock = Optional.empty();
        while (lock.isEmpty()) {
            lock = tryToTake(config, files);
        }
        InstanceLeftovers.remove(files);
        return lock.get();
    }

    /**
     * Empty if the one that held it until now has deleted it: who opened it before has a lock that nobody else will
     * see.
     */
    private static Optional<InstanceLock> tryToTake(Path config, InstanceFiles files)
            throws IOException, AlreadyRunningException, InterruptedException {
        PrivateFiles.file(files.lock());
        Optional<Object> opened = files.identity();
        RandomAccessFile file = new RandomAccessFile(files.lock().toFile(), "rw");
        try {
            if (!isLocked(file.getChannel())) {
                file.close();
                throw new AlreadyRunningException("already running with " + TerminalText.escaped(config.toString())
                        + " ("
                        + RunningInstance.read(files)
                                .map(other -> "pid " + other.pid())
                                .orElse("another process") + "). To stop it: "
                        + OwnCommand.naming(config).line("stop"));
            }
            if (opened.isEmpty() || !opened.equals(files.identity())) {
                file.close();
                return Optional.empty();
            }
            Optional<Long> left = InstanceText.parse(InstanceFiles.read(file)).map(InstanceText::pid);
            InstanceLock lock = new InstanceLock(Optional.of(files), file, Optional.empty(), left);
            files.withdrawStop();
            lock.write(Optional.empty());
            return Optional.of(lock);
        } catch (IOException | InterruptedException e) {
            file.close();
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
        left.ifPresent(pid -> log.info(
                "the previous run (pid {}) did not exit cleanly: it was killed, the computer lost power, or Java ran out of memory",
                pid));
        tell(startTable);
    }

    /** Tells those who ask something else than before. */
    public void tell(List<String> startTable) {
        try {
            write(Optional.of(startTable));
        } catch (IOException e) {
            log.warn("cannot write {}: {}", files.map(InstanceFiles::lock), IoErrors.why(e));
        }
    }

    private void write(Optional<List<String>> startTable) throws IOException {
        if (file != null) {
            long pid = ProcessHandle.current().pid();
            InstanceFiles.write(file, new InstanceText(pid, startTable).format());
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

    /** Lets the next one start, and leaves nothing of this one. */
    @Override
    public void close() {
        try {
            if (file != null) {
                InstanceFiles.write(file, ""); // or whoever looks next would read of a process that has ended
                files.ifPresent(InstanceFiles::delete);
                file.close();
                files.filter(unused -> OperatingSystem.isWindows()).ifPresent(InstanceFiles::delete);
            }
        } catch (IOException e) {
            log.debug("the lock is released when this process ends: {}", e.getMessage());
        }
    }
}
