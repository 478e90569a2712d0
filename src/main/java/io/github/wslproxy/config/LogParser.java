package io.github.wslproxy.config;

import io.github.wslproxy.config.Settings.LogSettings;
import io.github.wslproxy.config.ValueParser.InvalidValue;
import io.github.wslproxy.os.SafeText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.event.Level;

/** Reads {@code [log]}. */
final class LogParser {
    private static final Map<String, Level> LEVELS = Map.of(
            "trace", Level.TRACE, "debug", Level.DEBUG, "info", Level.INFO, "warn", Level.WARN, "error", Level.ERROR);
    private static final String ANOTHER = "a file of its own, such as \"wslproxy.log\"";

    /** A running wslproxy keeps these in its state folder. */
    private static final List<String> OWN_FILES = List.of(".lock", ".token");

    /** The bits of st_mode that tell the kind of a file (inode(7)). */
    private static final int KIND = 0xF000;

    private static final int PIPE = 0x1000;

    private final TomlTableReader table;
    private final Path file;

    /** @param file the configuration, from whose folder a relative path is taken */
    LogParser(TomlTableReader table, Path file) {
        this.table = table;
        this.file = file;
    }

    LogSettings read() {
        table.refuseUnknownKeys(Keys.LOG);
        Level level = table.read("level", ValueParser.oneOf(LEVELS)).orElse(Level.INFO);
        Optional<Path> logFile = table.read("file", ValueParser.text("a path in quotes", this::logFile))
                .flatMap(path -> path);
        return new LogSettings(level, logFile);
    }

    private Optional<Path> logFile(String text) throws InvalidValue {
        if (text.indexOf('%') >= 0) {
            throw new InvalidValue(
                    SafeText.quoted(text) + " has a %",
                    "a path without, as the names of rolled files are made with it");
        }
        if (text.codePoints().anyMatch(SafeText::isUnprintable)) {
            throw new InvalidValue(SafeText.quoted(text) + " has characters that cannot be shown", "a path without");
        }
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            Path path = file.toAbsolutePath().resolveSibling(text).normalize();
            refuseWhatIsNoLog(text, path);
            return Optional.of(path);
        } catch (InvalidPathException notHere) {
            throw new InvalidValue(
                    SafeText.quoted(text) + " is not a path", "a path of this system; \"\" for the console");
        }
    }

    /** Lines of a log in one of these would ruin it. */
    private void refuseWhatIsNoLog(String text, Path path) throws InvalidValue {
        if (isSame(path, file)) {
            throw new InvalidValue(SafeText.quoted(text) + " is this configuration itself", ANOTHER);
        }
        String name = path.getFileName() == null ? "" : path.getFileName().toString();
        if (OWN_FILES.stream().anyMatch(name::endsWith)) {
            throw new InvalidValue(SafeText.quoted(text) + " ends as the lock and the token of wslproxy do", ANOTHER);
        }
        if (Files.isDirectory(path)) {
            throw new InvalidValue(SafeText.quoted(text) + " is a folder", ANOTHER);
        }
        if (isPipe(path)) {
            throw new InvalidValue(
                    SafeText.quoted(text) + " is a pipe, and a start would wait for its reader", ANOTHER);
        }
    }

    /** Links are not followed: {@code /dev/stdout} leads to a pipe as a rule, which is read. */
    private static boolean isPipe(Path path) {
        if (!path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return false;
        }
        try {
            int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            return (mode & KIND) == PIPE;
        } catch (IOException notThere) {
            return false;
        }
    }

    /** The file may have another name: through a link, or in capitals where the system does not tell them apart. */
    private static boolean isSame(Path path, Path file) {
        if (path.equals(file.toAbsolutePath().normalize())) {
            return true;
        }
        try {
            return Files.isSameFile(path, file);
        } catch (IOException oneIsMissing) {
            return false;
        }
    }
}
