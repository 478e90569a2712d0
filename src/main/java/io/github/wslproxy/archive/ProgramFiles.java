package io.github.wslproxy.archive;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A program as it was unpacked.
 *
 * @param folder with lib, jvm.options and, some day, the archive
 * @param classPath as Java was given it: an archive is good for that very one
 * @param jars each of it
 */
record ProgramFiles(Path folder, String classPath, List<Path> jars) {
    private static final String UNFINISHED = "classes.jsa.";

    /**
     * By {@code java.class.path}; empty if it is not the jars of one lib folder, as in a test or a development
     * environment.
     */
    static Optional<ProgramFiles> of(String classPath) {
        List<Path> jars = Arrays.stream(classPath.split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .map(Path::of)
                .toList();
        Optional<Path> lib = jars.stream()
                .map(Path::getParent)
                .filter(parent -> parent != null)
                .findFirst();
        boolean isOneFolder = lib.isPresent()
                && lib.get().endsWith("lib")
                && jars.stream().allMatch(jar -> lib.get().equals(jar.getParent()));
        return lib.filter(unused -> isOneFolder)
                .map(Path::getParent)
                .filter(folder -> Files.isRegularFile(folder.resolve("jvm.options")))
                .map(folder -> new ProgramFiles(folder, classPath, jars));
    }

    Path options() {
        return folder.resolve("jvm.options");
    }

    /** Where the launchers look for it. */
    Path archive() {
        return folder.resolve("classes.jsa");
    }

    /** What the process {@code maker} works on: two instances may do so at once. */
    Path unfinished(long maker) {
        return folder.resolve(UNFINISHED + maker);
    }

    /** Removes what makers have left that were ended in the middle of it. */
    void deleteLeftOver() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, UNFINISHED + "[0-9]*")) {
            for (Path file : files) {
                long maker = Long.parseLong(file.getFileName().toString().substring(UNFINISHED.length()));
                if (ProcessHandle.of(maker).isEmpty()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (NumberFormatException notOurs) {
            return;
        }
    }

    /** Says what the archive was made for. */
    Path note() {
        return folder.resolve("classes.txt");
    }

    /** What Java compares as well before it uses an archive: each jar's place, size and time. */
    String jarsInWords() throws IOException {
        StringBuilder words = new StringBuilder();
        for (Path jar : jars) {
            words.append(jar).append(' ').append(Files.size(jar)).append(' ');
            words.append(Files.getLastModifiedTime(jar)).append('\n');
        }
        return words.toString();
    }
}
