package io.github.wslproxy.app;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What runs of other configurations have left behind: those that were killed could not remove it themselves. */
final class InstanceLeftovers {
    /** Until then the next run of the same configuration can say that the last one was killed. */
    private static final Duration KEPT = Duration.ofDays(30);

    private InstanceLeftovers() {}

    /**
     * Removes what belongs to no running instance. Fails silently: nothing depends on it.
     *
     * @param own were written just now; they are left alone: POSIX takes a lock away from a process that opens its file
     *     once more and closes that
     */
    static void remove(InstanceFiles own) {
        Path folder = own.folder();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.{lock,token,stop}")) {
            Instant now = Files.getLastModifiedTime(own.lock()).toInstant();
            for (Path file : files) {
                String name = file.getFileName().toString();
                InstanceFiles other = InstanceFiles.of(folder, name.substring(0, name.lastIndexOf('.')));
                if (!other.equals(own)) {
                    removeIfOver(other, now);
                }
            }
        } catch (IOException notNow) {
            // The next start tries it again.
        }
    }

    private static void removeIfOver(InstanceFiles files, Instant now) throws IOException {
        if (!Files.exists(files.lock(), LinkOption.NOFOLLOW_LINKS)) {
            files.delete();
            return;
        }
        Instant written = Files.getLastModifiedTime(files.lock()).toInstant();
        boolean wasKilled = InstanceText.parse(files.read()).isPresent();
        if (wasKilled && written.plus(KEPT).isAfter(now)) {
            return;
        }
        Optional<Object> opened = files.identity();
        try (RandomAccessFile file = new RandomAccessFile(files.lock().toFile(), "rw");
                FileLock lock = InstanceFiles.tryLock(file.getChannel())) {
            if (lock != null && opened.equals(files.identity())) {
                files.delete();
            }
        }
    }
}
