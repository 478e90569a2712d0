package io.github.wslproxy.app;

import io.github.wslproxy.os.OperatingSystem;
import io.github.wslproxy.os.UserFolders;
import io.github.wslproxy.os.UserFolders.NoHomeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The folder in which the program keeps its log, if none is configured, and which instances run. The program does
 * without it if this user has no home or others may write to the folder.
 */
public final class StateDirectory {
    private final @Nullable Path path;
    private final @Nullable Path log;

    /** Why there is none; empty if there is one. */
    private final String missing;

    /**
     * Names the folder.
     *
     * @param path may not exist yet
     * @param log the log of a program without a console
     */
    public StateDirectory(Path path, Path log) {
        this(path, log, "");
    }

    private StateDirectory(@Nullable Path path, @Nullable Path log, String missing) {
        this.path = path;
        this.log = log;
        this.missing = missing;
    }

    public static StateDirectory ofThisUser() {
        return of(OperatingSystem.isWindows(), UserFolders.ofThisUser());
    }

    /** {@code wslproxy} in the state folder of the user; on Windows the log lies in a folder of its own below it. */
    static StateDirectory of(boolean windows, UserFolders folders) {
        try {
            Path folder = folders.state().resolve("wslproxy");
            Path logs = windows ? folder.resolve("logs") : folder;
            return new StateDirectory(folder, logs.resolve("wslproxy.log"));
        } catch (NoHomeException noHome) {
            return new StateDirectory(null, null, String.valueOf(noHome.getMessage()));
        }
    }

    /**
     * The folder, which may not exist yet.
     *
     * @throws NoHomeException if this user has no home
     */
    public Path path() {
        return known(path);
    }

    /**
     * The log of a program without a console.
     *
     * @throws NoHomeException if this user has no home
     */
    public Path log() {
        return known(log);
    }

    private Path known(@Nullable Path part) {
        if (part == null) {
            throw new NoHomeException(missing);
        }
        return part;
    }

    /** Why nothing in it may be relied on; empty if it is for this user alone, or does not exist yet. */
    public Optional<String> problem() {
        if (path == null) {
            return Optional.of(missing);
        }
        return PrivateFiles.foreign(path).or(() -> PrivateFiles.foreign(instances()));
    }

    /**
     * Does nothing if there is no {@link #problem}.
     *
     * @throws IOException if nothing in it may be relied on; the message says why
     */
    public void check() throws IOException {
        Optional<String> problem = problem();
        if (problem.isPresent()) {
            throw new IOException(problem.get());
        }
    }

    /** A file with one line, the configuration that was installed. */
    public Path installedConfig() {
        return path().resolve("installed-config");
    }

    /** A file with the options of the program that the Run key starts. */
    public Path logonOptions() {
        return path().resolve("logon.options");
    }

    Path instances() {
        return path().resolve("run");
    }
}
