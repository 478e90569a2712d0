package io.github.wslproxy.app;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The files by which the instances of one configuration know of each other.
 *
 * @param lock is locked while an instance runs, and says which one; deleted by nobody but who holds the lock
 * @param stop is there while somebody wants that instance to stop
 */
record InstanceFiles(Path lock, Path stop) {
    private static final String LOCK = ".lock";

    /** Far behind the text: on Windows a locked range cannot be read by others. */
    private static final long LOCKED_BYTE = 1L << 30;

    /** Far more than a start table has. */
    private static final long MOST_BYTES = 1 << 20;

    /**
     * The same for whatever leads to the same file; empty for what is no file, such as a pipe, which nobody else can
     * read.
     *
     * @throws io.github.wslproxy.os.NoHomeException if this user has no home
     */
    static Optional<InstanceFiles> of(Path config, StateDirectory state) {
        try {
            Path real = real(config.toAbsolutePath());
            if (Files.exists(real) && !Files.isRegularFile(real)) {
                return Optional.empty();
            }
            return Optional.of(of(state.instances(), hash(real.toString())));
        } catch (IOException notAFile) {
            return Optional.empty();
        }
    }

    /** @param name that of the files, without what tells them apart */
    static InstanceFiles of(Path folder, String name) {
        return new InstanceFiles(folder.resolve(name + LOCK), folder.resolve(name + ".stop"));
    }

    /** One that has been deleted may still be run. */
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

    /** Where the token lies that lets this user's programs change the instance. */
    Path token() {
        String name = lock.getFileName().toString();
        return lock.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ".token");
    }

    /**
     * Tells this lock from another one that has taken its place; empty if there is none. On Windows there is nothing to
     * tell: a file that an instance has open cannot be deleted there.
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

    /** The same for those who only want to know; any number of them may have it at a time. */
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

    /** Replaces the text in the lock. What is left of a longer one becomes NUL: the length of a locked file stays. */
    static void write(RandomAccessFile file, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = (int) Math.max(bytes.length, file.length());
        file.seek(0);
        file.write(Arrays.copyOf(bytes, length));
    }

    String read() throws IOException {
        return Files.readString(lock).replace("\0", "");
    }

    /**
     * The same for who holds the lock: POSIX takes it away from a process that opens the file once more and closes
     * that.
     */
    static String read(RandomAccessFile file) throws IOException {
        byte[] bytes = new byte[(int) Math.min(file.length(), MOST_BYTES)];
        file.seek(0);
        file.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8).replace("\0", "");
    }

    void requestStop() throws IOException {
        PrivateFiles.file(stop);
    }

    /** Removes all of them. For who holds the lock: whoever waits for it notices that it has gone. */
    void delete() {
        for (Path file : List.of(token(), stop, lock)) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException openOnWindows) {
                // The lock is tried again when it is closed; the next start of this configuration takes over the
                // others.
            }
        }
    }

    void withdrawStop() {
        try {
            Files.deleteIfExists(stop);
        } catch (IOException goneOrHeld) {
            // The next start deletes it before it looks.
        }
    }
}
