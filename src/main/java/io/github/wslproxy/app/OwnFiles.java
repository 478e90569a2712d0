package io.github.wslproxy.app;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Files and folders for this user alone, whatever the umask is: others are not to read who comes in, hold the lock, or write
 * a command into the configuration. On Windows they inherit the rights of the user's own folder. What is there already keeps
 * the rights that it has.
 */
public final class OwnFiles {
    private OwnFiles() {}

    /** Makes the folder and those above it that are missing. */
    public static void folder(Path folder) throws IOException {
        Files.createDirectories(folder, mode(folder, "rwx------"));
    }

    /** The same for the folder that {@code file} is to lie in. */
    static void folderOf(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            folder(folder);
        }
    }

    /** Makes an empty file, unless there is one. */
    public static void file(Path file) throws IOException {
        try {
            newFile(file);
        } catch (FileAlreadyExistsException asItIs) {
            // Whoever made it decided who may read it.
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

    private static FileAttribute<?>[] mode(Path path, String permissions) {
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
