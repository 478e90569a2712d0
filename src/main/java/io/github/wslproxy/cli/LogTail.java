package io.github.wslproxy.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log that grows and rolls. The file is open only while it is read, because Windows may refuse to rename an
 * open file, which would then grow past its limit.
 */
final class LogTail {
    /** Is more than a log becomes before it rolls. */
    private static final long MOST_BYTES = 8 << 20;

    private final Path file;
    private long position;
    private @Nullable Object key;
    private FileTime modified = FileTime.fromMillis(0);
    private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();

    private LogTail(Path file, long position) {
        this.file = file;
        this.position = position;
    }

    /** Reads from the start of the file, or from as far before its end as it is reasonable to look. */
    static LogTail of(Path file) {
        return new LogTail(file, Math.max(0, size(file) - MOST_BYTES));
    }

    /** Reads from where the file ends now. */
    static LogTail fromEndOf(Path file) {
        return new LogTail(file, size(file));
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException notThere) {
            return 0;
        }
    }

    /** The last lines up to where the file ends now; reading goes on from there. */
    List<String> last(int count) throws IOException {
        Deque<String> last = new ArrayDeque<>();
        for (String line : next()) {
            last.add(line);
            if (last.size() > count) {
                last.remove();
            }
        }
        return List.copyOf(last);
    }

    /**
     * The lines that have come since, with the last ones of a file that has rolled; none while there is no file.
     */
    List<String> next() throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            List<String> lines = new ArrayList<>();
            if (hasRolled(attributes)) {
                lines.addAll(restOfTheRolled());
                position = 0;
                unfinished.reset();
            }
            key = attributes.fileKey();
            modified = attributes.lastModifiedTime();
            lines.addAll(lines(read(file)));
            return lines;
        } catch (NoSuchFileException rolling) {
            return List.of();
        }
    }

    /** Windows has no key of a file, so it recognises a new one by its size there. */
    private boolean hasRolled(BasicFileAttributes now) {
        return now.size() < position || (key != null && !key.equals(now.fileKey()));
    }

    private List<String> restOfTheRolled() throws IOException {
        Optional<Path> rolled = rolled();
        return rolled.isPresent() ? lines(read(rolled.get())) : List.of();
    }

    /**
     * The log that rolled last: it has a date and a number behind its name, and was written after the last look.
     */
    private Optional<Path> rolled() throws IOException {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
        String prefix = file.getFileName() + ".";
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(each -> each.getFileName().toString().startsWith(prefix))
                    .filter(each -> size(each) >= position)
                    .filter(each -> each.toFile().lastModified() >= modified.toMillis())
                    .max(Comparator.comparingLong(each -> each.toFile().lastModified()));
        }
    }

    private byte[] read(Path from) throws IOException {
        try (FileChannel channel = FileChannel.open(from, StandardOpenOption.READ)) {
            long count = Math.max(0, Math.min(channel.size() - position, MOST_BYTES));
            ByteBuffer buffer = ByteBuffer.allocate((int) count);
            int read = 0;
            while (buffer.hasRemaining() && read >= 0) {
                read = channel.read(buffer, position + buffer.position());
            }
            position += buffer.position();
            byte[] bytes = new byte[buffer.position()];
            buffer.flip().get(bytes);
            return bytes;
        }
    }

    private List<String> lines(byte[] bytes) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                unfinished.write(bytes, start, i - start);
                lines.add(unfinished.toString(StandardCharsets.UTF_8).stripTrailing());
                unfinished.reset();
                start = i + 1;
            }
        }
        unfinished.write(bytes, start, bytes.length - start);
        return lines;
    }
}
