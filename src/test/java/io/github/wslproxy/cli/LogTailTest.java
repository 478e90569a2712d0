package io.github.wslproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {
    @TempDir
    Path folder;

    private Path log;

    @BeforeEach
    void write() throws IOException {
        log = Files.writeString(folder.resolve("wslproxy.log"), "one\r\ntwo\r\nthree\r\n");
    }

    private void append(String text) throws IOException {
        Files.writeString(log, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Test
    void printsTheLastLinesAndGoesOnFromThere() throws Exception {
        LogTail tail = LogTail.of(log);

        assertThat(tail.last(2)).containsExactly("two", "three");
        assertThat(tail.next()).isEmpty();
        append("four\n");
        assertThat(tail.next()).containsExactly("four");
    }

    @Test
    void fewerLinesThanAskedForAreAllOfThem() throws Exception {
        assertThat(LogTail.of(log).last(20)).containsExactly("one", "two", "three");
        assertThat(LogTail.of(log).last(0)).isEmpty();
    }

    @Test
    void aLineIsPrintedOnceItIsWholeAlsoIfALetterWasCut() throws Exception {
        LogTail tail = LogTail.fromEndOf(log);
        byte[] bytes = "M\u00fcller\n".getBytes(StandardCharsets.UTF_8);

        Files.write(log, Arrays.copyOf(bytes, 2), StandardOpenOption.APPEND);
        assertThat(tail.next()).isEmpty();
        Files.write(log, Arrays.copyOfRange(bytes, 2, bytes.length), StandardOpenOption.APPEND);
        assertThat(tail.next()).containsExactly("M\u00fcller");
    }

    @Test
    void aRolledLogIsReadFromTheStartOfTheNewOne() throws Exception {
        LogTail tail = LogTail.of(log);
        tail.last(1);

        Files.move(log, folder.resolve("wslproxy.log.1"));
        assertThat(tail.next()).isEmpty();
        Files.writeString(log, "a new one\nthat is longer than the old one was\n");
        assertThat(tail.next()).containsExactly("a new one", "that is longer than the old one was");
    }

    @Test
    void theLastLinesOfALogThatRolledAreNotMissed() throws Exception {
        Files.writeString(folder.resolve("wslproxy.log.2026-11-21.0"), "long ago\n".repeat(99));
        Files.setLastModifiedTime(folder.resolve("wslproxy.log.2026-11-21.0"), FileTime.fromMillis(1000));
        LogTail tail = LogTail.of(log);
        tail.last(1);

        append("last of the old\n");
        Files.move(log, folder.resolve("wslproxy.log.2026-11-22.0"));
        append("first of the new\n");

        assertThat(tail.next()).containsExactly("last of the old", "first of the new");
    }

    @Test
    void aShrunkLogIsReadFromItsStart() throws Exception {
        LogTail tail = LogTail.of(log);
        tail.last(1);

        Files.writeString(log, "short\n");
        assertThat(tail.next()).containsExactly("short");
    }

    @Test
    void aLogThatIsNotThereYetIsReadFromItsStart() throws Exception {
        Files.delete(log);
        LogTail tail = LogTail.fromEndOf(log);

        assertThat(tail.next()).isEmpty();
        Files.writeString(log, "first\n");
        assertThat(tail.next()).containsExactly("first");
    }

    @Test
    void ofAHugeLogOnlyTheEndIsRead() throws Exception {
        String line = "x".repeat(1023) + "\n";
        Files.writeString(log, IntStream.range(0, 9 << 10).mapToObj(i -> line).collect(Collectors.joining()));
        append("the end\n");

        assertThat(LogTail.of(log).last(1)).containsExactly("the end");
    }
}
