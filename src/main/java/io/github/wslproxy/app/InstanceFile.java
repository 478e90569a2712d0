package io.github.wslproxy.app;

import io.github.wslproxy.os.OperatingSystem;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The file by which the instances of one configuration know of each other, and two small ones beside it.
 *
 * @param lock is locked while an instance runs, and holds what that instance tells as {@link InstanceJson}; only the
 *     holder of the lock deletes it
 */
record InstanceFile(Path lock) {
    static final String SUFFIX = ".lock";

    /** Lies far behind the text, because on Windows nobody else can read a locked range. */
    private static final long LOCKED_BYTE = 1L << 30;

    /** Is far more than a start table needs. */
    private static final long MOST_BYTES = 1 << 20;

    /** The file of a run that was killed or has failed is kept for so long, so that the next run can tell. */
    private static final Duration KEPT = Duration.ofDays(30);

    /**
     * The file for a configuration, whatever path leads to it. It is empty for a configuration that is no file, such as
     * a pipe, because nobody else can read that.
     *
     * @throws io.github.wslproxy.os.UserFolders.NoHomeException if this user has no home
     */
    static Optional<InstanceFile> of(Path config, StateDirectory state) {
        try {
            Path real = real(config.toAbsolutePath());
            if (Files.exists(real) && !Files.isRegularFile(real)) {
                return Optional.empty();
            }
            return Optional.of(new InstanceFile(state.instances().resolve(hash(real.toString()) + SUFFIX)));
        } catch (IOException notAFile) {
            return Optional.empty();
        }
    }

    /** Resolves the folder alone if the configuration was deleted, because an instance may still run it. */
    private static Path real(Path config) throws IOException {
        Path parent = config.getParent();
        return Files.exists(config) || parent == null
                ? config.toRealPath()
                : parent.toRealPath().resolve(config.getFileName());
    }

    private static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    Path folder() {
        return Objects.requireNonNull(lock.getParent());
    }

    /** Exists while somebody wants the instance to stop. */
    Path stop() {
        return sibling(".stop");
    }

    /** Holds the {@link AdminToken} that lets this user's programs change the instance. */
    Path token() {
        return sibling(".token");
    }

    private Path sibling(String suffix) {
        String name = lock.getFileName().toString();
        return lock.resolveSibling(name.substring(0, name.length() - SUFFIX.length()) + suffix);
    }

    /**
     * Tells this lock from another one that has taken its place; empty if there is none. On Windows all locks look
     * equal, but nobody can delete a file there that an instance has open.
     */
    Optional<Object> identity() throws IOException {
        try {
            return Optional.of(Optional.ofNullable(
                    Files.readAttributes(lock, BasicFileAttributes.class).fileKey()));
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
    }

    /** Null if another process, or another part of this one, holds it. */
    static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        return tryLock(channel, false);
    }

    /** Takes a shared lock, which any number of onlookers may have at a time; null if an instance holds the lock. */
    static @Nullable FileLock tryLook(FileChannel channel) throws IOException {
        return tryLock(channel, true);
    }

    private static @Nullable FileLock tryLock(FileChannel channel, boolean shared) throws IOException {
        try {
            return channel.tryLock(LOCKED_BYTE, 1, shared);
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    /** Replaces the text. The rest of a longer one becomes NUL, because a locked file keeps its length. */
    static void write(RandomAccessFile file, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = (int) Math.max(bytes.length, file.length());
        file.seek(0);
        file.write(Arrays.copyOf(bytes, length));
    }

    String text() throws IOException {
        return Files.readString(lock).replace("\0", "");
    }

    /** Reads through the holder's own handle: POSIX takes a lock away when its process closes another handle. */
    static Optional<RunningInstance> read(RandomAccessFile file) throws IOException {
        byte[] bytes = new byte[(int) Math.min(file.length(), MOST_BYTES)];
        file.seek(0);
        file.readFully(bytes);
        return InstanceJson.read(new String(bytes, StandardCharsets.UTF_8).replace("\0", ""));
    }

    void requestStop() throws IOException {
        PrivateFiles.file(stop());
    }

    void withdrawStop() {
        try {
            Files.deleteIfExists(stop());
        } catch (IOException goneOrHeld) {
            // The next start deletes it before it looks.
        }
    }

    /** Removes all three. Call it with the lock held; whoever waits for the lock notices that it has gone. */
    void delete() {
        deleteSiblings();
        delete(lock); // On Windows nobody can delete it while it is open.
    }

    /** Removes the two files beside the lock. Call it with the lock held. */
    void deleteSiblings() {
        delete(token());
        delete(stop());
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException openOnWindows) {
            // The next start takes it over.
        }
    }

    /**
     * Removes what ended instances of other configurations have left, because a killed one cannot do that itself. Call
     * it when this file has just been written. It fails silently, since nothing depends on it.
     */
    void removeLeftovers() {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder(), "*.{lock,token,stop}")) {
            Instant now = Files.getLastModifiedTime(lock).toInstant();
            for (Path file : files) {
                String name = file.getFileName().toString();
                InstanceFile other =
                        new InstanceFile(file.resolveSibling(name.substring(0, name.lastIndexOf('.')) + SUFFIX));
                if (!other.equals(this)) { // POSIX takes a lock away when its process opens and closes the file again.
                    other.removeIfOver(now);
                }
            }
        } catch (IOException notNow) {
            // The next start tries it again.
        }
    }

    private void removeIfOver(Instant now) throws IOException {
        if (!Files.exists(lock, LinkOption.NOFOLLOW_LINKS)) {
            delete();
            return;
        }
        Instant written = Files.getLastModifiedTime(lock).toInstant();
        boolean wasKilled = InstanceJson.read(text()).isPresent();
        boolean hasFailed = FailedStart.read(this).isPresent();
        if ((wasKilled || hasFailed) && written.plus(KEPT).isAfter(now)) {
            return;
        }
        deleteUnlessHeld();
    }

    /** Removes what an ended instance has left. It fails silently, since the next start takes over what is left. */
    void deleteUnlessHeld() {
        try {
            Optional<Object> opened = identity();
            try (RandomAccessFile handle = new RandomAccessFile(lock.toFile(), "rw");
                    FileLock held = tryLock(handle.getChannel())) {
                if (held == null || !opened.equals(identity())) {
                    return;
                }
                write(handle, "");
                delete();
            }
            if (OperatingSystem.isWindows()) {
                delete(lock);
            }
        } catch (IOException notNow) {
            // Who needs the file asks for its lock again.
        }
    }
}
