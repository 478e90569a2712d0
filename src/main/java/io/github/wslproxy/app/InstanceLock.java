package io.github.wslproxy.app;

import io.github.wslproxy.app.RunningInstance.Started;
import io.github.wslproxy.os.OperatingSystem;
import io.github.wslproxy.os.OwnCommand;
import io.github.wslproxy.os.SafeText;
import io.github.wslproxy.os.UserFolders.NoHomeException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one configuration be run once. The system holds the lock, so it ends with its process however that ends. Any
 * thread may call its methods.
 */
public final class InstanceLock implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(InstanceLock.class);

    /** Whoever only looks holds the lock for a moment, which must not stop this instance. */
    private static final int TRIES = 5;

    private static final long PAUSE_MILLIS = 100;

    private static final long STOP_LOOK_MILLIS = 500;

    private final Path config;
    private final @Nullable Held held;
    private final Optional<String> problem;
    private boolean hasFailed;

    /**
     * The lock in the hands of this instance.
     *
     * @param handle not a channel: an interrupt while it is written to would close that, and so give the lock away
     * @param killed the process that held it before and ended without letting go
     */
    private record Held(InstanceFile file, RandomAccessFile handle, Optional<Long> killed) {}

    private InstanceLock(Path config, @Nullable Held held, Optional<String> problem) {
        this.config = config;
        this.held = held;
        this.problem = problem;
    }

    /**
     * Takes the lock. A run goes on without one if the configuration is no file or the folder cannot be written to.
     * Logs nothing, because the lock is taken before the log is opened: two processes that have one log open keep it
     * from rolling on Windows.
     *
     * @throws StartException.AlreadyRunning if another process runs this configuration
     */
    public static InstanceLock take(Path config, StateDirectory state)
            throws StartException.AlreadyRunning, InterruptedException {
        try {
            Optional<InstanceFile> file = InstanceFile.of(config, state);
            return file.isPresent()
                    ? take(config, state, file.get())
                    : new InstanceLock(config, null, Optional.empty());
        } catch (NoHomeException noHome) {
            return without(config, String.valueOf(noHome.getMessage()));
        } catch (IOException e) {
            return without(config, IoErrors.why(e));
        }
    }

    private static InstanceLock without(Path config, String why) {
        String problem = "this run cannot be locked: " + why
                + "; a second start with this configuration would not be noticed,"
                + " and wslproxy stop cannot reach this one";
        return new InstanceLock(config, null, Optional.of(problem));
    }

    private static InstanceLock take(Path config, StateDirectory state, InstanceFile file)
            throws IOException, StartException.AlreadyRunning, InterruptedException {
        PrivateFiles.folderOf(file.lock());
        state.check();
        Optional<InstanceLock> lock = Optional.empty();
        while (lock.isEmpty()) {
            lock = tryToTake(config, file);
        }
        file.removeLeftovers();
        return lock.get();
    }

    /** Empty if the former holder has deleted the file meanwhile: nobody else would see a lock on that one. */
    private static Optional<InstanceLock> tryToTake(Path config, InstanceFile file)
            throws IOException, StartException.AlreadyRunning, InterruptedException {
        PrivateFiles.file(file.lock());
        Optional<Object> opened = file.identity();
        RandomAccessFile handle = new RandomAccessFile(file.lock().toFile(), "rw");
        try {
            if (!isLocked(handle.getChannel())) {
                handle.close();
                throw alreadyRunning(config, file);
            }
            if (opened.isEmpty() || !opened.equals(file.identity())) {
                handle.close();
                return Optional.empty();
            }
            Optional<Long> killed = InstanceFile.read(handle).map(RunningInstance::pid);
            InstanceLock lock = new InstanceLock(config, new Held(file, handle, killed), Optional.empty());
            file.withdrawStop();
            lock.write(Optional.empty());
            return Optional.of(lock);
        } catch (IOException | InterruptedException e) {
            handle.close();
            throw e;
        }
    }

    private static StartException.AlreadyRunning alreadyRunning(Path config, InstanceFile file) {
        String who =
                RunningInstance.read(file).map(other -> "pid " + other.pid()).orElse("another process");
        return new StartException.AlreadyRunning("already running with " + SafeText.escaped(config.toString()) + " ("
                + who + "). To stop it: " + OwnCommand.naming(config).line("stop"));
    }

    private static boolean isLocked(FileChannel channel) throws IOException, InterruptedException {
        for (int tries = 1; true; tries++) {
            FileLock lock = InstanceFile.tryLock(channel);
            if (lock != null) {
                return true;
            }
            if (tries == TRIES) {
                return false;
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    /** Tells those who ask that this instance has started; logs if nobody can ask, and if the last one was killed. */
    public void announce(Started started) {
        problem.ifPresent(log::warn);
        Optional.ofNullable(held)
                .flatMap(Held::killed)
                .ifPresent(pid -> log.info(
                        "the previous run (pid {}) did not exit cleanly: it was killed, the computer lost power,"
                                + " or Java ran out of memory",
                        pid));
        tell(started);
    }

    /** Replaces what was {@linkplain #announce announced}. */
    public void tell(Started started) {
        try {
            write(Optional.of(started));
        } catch (IOException e) {
            log.warn(
                    "cannot write {}: {}; wslproxy stop ends this run all the same, but share, pause and page cannot"
                            + " change it",
                    held == null ? config : held.file().lock(),
                    IoErrors.why(e));
        }
    }

    private synchronized void write(Optional<Started> started) throws IOException {
        if (held != null) {
            String absolute = config.toAbsolutePath().normalize().toString();
            RunningInstance own = new RunningInstance(ProcessHandle.current().pid(), Optional.of(absolute), started);
            InstanceFile.write(held.handle(), InstanceJson.write(own));
        }
    }

    /**
     * Leaves word of why this instance ends, for whoever has started it without a console and waits for it.
     *
     * @param why one line
     */
    public synchronized void fail(String why) {
        if (held == null) {
            return;
        }
        try {
            InstanceFile.write(
                    held.handle(),
                    InstanceJson.write(new FailedStart(ProcessHandle.current().pid(), why)));
            hasFailed = true;
        } catch (IOException e) {
            log.debug("cannot write {}: {}", held.file().lock(), IoErrors.why(e));
        }
    }

    /** Returns when somebody has asked this instance to stop, for which it looks twice a second. */
    public void awaitStopRequest() throws InterruptedException {
        if (held == null) {
            new CountDownLatch(1).await();
            return;
        }
        while (!Files.exists(held.file().stop())) {
            TimeUnit.MILLISECONDS.sleep(STOP_LOOK_MILLIS);
        }
    }

    /** Lets the next one start, and leaves nothing of this one but why it {@linkplain #fail failed}. */
    @Override
    public synchronized void close() {
        if (held == null) {
            return;
        }
        try {
            if (hasFailed) {
                held.file().deleteSiblings();
                held.handle().close();
                return;
            }
            InstanceFile.write(held.handle(), ""); // Whoever looks next would read of a process that has ended.
            held.file().delete();
            held.handle().close();
            if (OperatingSystem.isWindows()) {
                held.file().delete(); // Nobody can delete a file there that is open.
            }
        } catch (IOException e) {
            log.debug("the lock is released when this process ends: {}", e.getMessage());
        }
    }
}
