package io.github.wslproxy.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a run without a console has left in its {@link InstanceFile} when a failure ended it. It stays there until the
 * next start of the configuration.
 *
 * @param why one line
 */
public record FailedStart(long pid, String why) {

    /** Empty if the last run did not fail, was killed before it could say so, or was one of an earlier version. */
    public static Optional<FailedStart> of(Path config, StateDirectory state) {
        return RunningInstance.file(config, state).flatMap(FailedStart::read);
    }

    static Optional<FailedStart> read(InstanceFile file) {
        try {
            return InstanceJson.readFailure(file.text());
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** Removes what an earlier run has left, so that what {@link #of} finds from now on is of a later one. */
    public static void forget(Path config, StateDirectory state) {
        RunningInstance.file(config, state)
                .filter(file -> read(file).isPresent())
                .ifPresent(InstanceFile::deleteUnlessHeld);
    }
}
