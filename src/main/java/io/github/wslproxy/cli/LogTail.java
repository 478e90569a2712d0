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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log that grows and rolls. The file is open only while it is read: as long as anybody has it open, Windows may
 * refuse to rename it, and it would grow past its limit.
 */
final class LogTail {
    /** More than a log becomes before it rolls. */
    private static final long MOST_BYTES = 8 << 20;

    private final Path file;
    private long position;
    private @Nullable Object key;
    private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();

    private LogTail(Path file, long position) {
        this.file = file;
        this.position = position;
    }

    /** From the start of the file, or as far before its end as it is reasonable to look. */
    static LogTail of(Path file) {
        return new LogTail(file, Math.max(0, size(file) - MOST_BYTES));
    }

    /** From where the file ends now. */
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

    /** The lines that have come since; none while the file is not there. */
    List<String> next() throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            // Windows has no key of a file; there a new one is recognised by its size.
            if (attributes.size() < position || !Objects.equals(attributes.fileKey(), key)) {
                startOver(attributes);
            }
            return lines(read());
        } catch (NoSuchFileException rolling) {
            return List.of();
        }
    }

    private void startOver(BasicFileAttributes attributes) {
        if (key != null || attributes.size() < position) {
            position = 0;
            unfinished.reset();
        }
        key = attributes.fileKey();
    }

    private byte[] read() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
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
