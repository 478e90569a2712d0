package io.github.wslproxy.app;

import io.github.wslproxy.os.ShellWord;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * Makes files and folders for this user alone, whatever the umask is: others shall not read who comes in, hold the
 * lock, or write a command into the configuration. On Windows they inherit the rights of the user's own folder. What
 * exists already keeps its rights.
 */
public final class PrivateFiles {
    private static final int ROOT = 0;

    private PrivateFiles() {}

    /** Makes the folder and those above it that are missing. */
    public static void folder(Path folder) throws IOException {
        Files.createDirectories(folder, mode(folder, "rwx------"));
    }

    /** Makes the folder that {@code file} is to lie in. */
    static void folderOf(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            folder(folder);
        }
    }

    /**
     * Makes an empty file, unless there is one.
     *
     * @throws IOException also if something else is there, such as a link that would lead elsewhere
     */
    public static void file(Path file) throws IOException {
        try {
            newFile(file);
        } catch (FileAlreadyExistsException asItIs) {
            // Whoever made it decided who may read it.
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException(file + " is not a plain file; remove it", asItIs);
            }
        }
    }

    /**
     * Makes an empty file.
     *
     * @throws FileAlreadyExistsException if there is one
     */
    public static void newFile(Path file) throws IOException {
        Files.createFile(file, mode(file, "rw-------"));
    }

    /**
     * Makes a file with that text, in place of any other. The text goes through the handle that made the file, so
     * whoever puts another file in its place gets nothing.
     */
    public static void replace(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        Set<StandardOpenOption> isNew = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (WritableByteChannel made = Files.newByteChannel(file, isNew, mode(file, "rw-------"))) {
            ByteBuffer left = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (left.hasRemaining()) {
                made.write(left);
            }
        }
    }

    /**
     * Opens a file to add to its end, and makes it if there is none. It follows a link only if this user or root has
     * made that.
     */
    static OutputStream append(Path file) throws IOException {
        boolean isLink = Files.isSymbolicLink(file);
        if (isLink && isPosix(file) && !isOwn(file)) {
            throw new IOException(file + " is a link that " + Files.getOwner(file, LinkOption.NOFOLLOW_LINKS)
                    + " has made; remove it");
        }
        if (isLink) {
            return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
        try {
            newFile(file);
        } catch (FileAlreadyExistsException asItIs) {
            // Whoever made it decided who may read it.
        }
        return Files.newOutputStream(file, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Why a folder is not for this user alone, as a sentence without a full stop; empty if it is, if it does not exist,
     * and on Windows. A group that has the name of its owner counts as private, because many systems make such a group
     * for each user.
     */
    static Optional<String> foreign(Path folder) {
        if (!isPosix(folder) || !Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try {
            if (!isOwn(folder.toRealPath())) {
                return Optional.of(folder + " belongs to " + Files.getOwner(folder) + "; remove it");
            }
            return isOpenToOthers(Files.readAttributes(folder, PosixFileAttributes.class))
                    ? Optional.of(
                            folder + " may be written to by others; run: chmod go-w " + ShellWord.of(folder.toString()))
                    : Optional.empty();
        } catch (IOException notTold) {
            return Optional.of("whose " + folder + " is cannot be told: " + IoErrors.why(notTold));
        }
    }

    private static boolean isOwn(Path file) throws IOException {
        int owner = (int) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        return owner == ROOT || owner == ownNumber();
    }

    private static boolean isOpenToOthers(PosixFileAttributes folder) {
        Set<PosixFilePermission> permissions = folder.permissions();
        boolean ownGroup = folder.group().getName().equals(folder.owner().getName());
        return permissions.contains(PosixFilePermission.OTHERS_WRITE)
                || (permissions.contains(PosixFilePermission.GROUP_WRITE) && !ownGroup);
    }

    /**
     * Java tells only the name of the user, which not every account has. A process and a new file have the number.
     */
    private static int ownNumber() throws IOException {
        Path self = Path.of("/proc/self");
        if (Files.exists(self)) {
            return (int) Files.getAttribute(self, "unix:uid");
        }
        Path trial = Files.createTempFile("wslproxy", ".uid");
        try {
            return (int) Files.getAttribute(trial, "unix:uid");
        } finally {
            Files.delete(trial);
        }
    }

    private static FileAttribute<?>[] mode(Path path, String permissions) {
        return isPosix(path)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
