package io.github.wslproxy.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.wslproxy.config.Problems.Source;
import io.github.wslproxy.os.OwnCommand;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.tomlj.TomlPosition;

/** Reads proxy.toml. */
public final class ConfigFile {
    private static final int MAX_BYTES = 1 << 20;
    private static final int PIPE_SECONDS = 5;
    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final TomlPosition START = TomlPosition.positionAt(1, 1);

    private ConfigFile() {}

    /**
     * Reads and checks {@code file}. Names in it may be looked up, so this can take seconds: never call it on an event
     * loop.
     *
     * @throws ConfigException with every problem of the file; a file that cannot be read is one problem at 1:1
     */
    public static Settings read(Path file) throws ConfigException {
        return read(file, new LocalComputer.ThisComputer());
    }

    static Settings withoutFile() {
        byte[] smallest = "[[forward]]\nport = 1\n".getBytes(StandardCharsets.UTF_8);
        try {
            return parse("proxy.toml", smallest, new LocalComputer.ThisComputer())
                    .with(List.of());
        } catch (ConfigException notOnThisSystem) {
            throw new IllegalStateException(notOnThisSystem);
        }
    }

    static Settings read(Path file, LocalComputer computer) throws ConfigException {
        return parse(file.toString(), bytesOf(file), computer);
    }

    /**
     * Checks what {@code file} would hold, without reading it.
     *
     * @param file what problems are reported under; a relative log file is taken from its directory
     */
    public static Settings parse(Path file, byte[] bytes) throws ConfigException {
        return parse(file.toString(), bytes, new LocalComputer.ThisComputer());
    }

    /** Checks a configuration that is in no file: the messages of its problems refer to no lines. */
    public static Settings parse(String text) throws ConfigException {
        return parse(Source.ofNoFile(text), new LocalComputer.ThisComputer());
    }

    static Settings parse(String fileName, byte[] bytes, LocalComputer computer) throws ConfigException {
        if (bytes.length > MAX_BYTES) {
            throw nothingRead(fileName).fatal(START, "the file is too large", "at most 1 MiB");
        }
        return parse(new Source(fileName, decode(bytes, nothingRead(fileName))), computer);
    }

    private static Settings parse(Source source, LocalComputer computer) throws ConfigException {
        Problems problems = new Problems(source);
        return new SettingsParser(Path.of(source.file()), computer, problems)
                .read(TomlDocument.parse(source.text(), problems));
    }

    private static Problems nothingRead(String fileName) {
        return new Problems(new Source(fileName, ""));
    }

    private static byte[] bytesOf(Path file) throws ConfigException {
        try {
            return Files.isRegularFile(file) ? read(file, MAX_BYTES + 1) : readSoon(file);
        } catch (IOException unreadable) {
            throw nothingRead(file.toString()).fatal(START, reason(file, unreadable), expected(file, unreadable));
        }
    }

    private static byte[] read(Path file, int most) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(most);
        }
    }

    /** Opening a pipe waits for somebody who writes to it, for ever if nobody does. */
    private static byte[] readSoon(Path file) throws IOException {
        FutureTask<byte[]> reading = new FutureTask<>(() -> read(file, MAX_BYTES + 1));
        Thread thread = new Thread(reading, "wslproxy-read-config");
        thread.setDaemon(true);
        thread.start();
        try {
            return reading.get(PIPE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException nobodyWrites) {
            throw new IOException("it is no file, and nobody has written all of it within " + PIPE_SECONDS + "s");
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof IOException unreadable ? unreadable : new IOException(failed.getCause());
        }
    }

    private static String expected(Path file, IOException unreadable) {
        return unreadable instanceof NoSuchFileException
                ? "a TOML file; to create it: " + OwnCommand.naming(file).line("init")
                : "a TOML file that can be read; --config names another";
    }

    private static String reason(Path file, IOException unreadable) {
        if (unreadable instanceof NoSuchFileException) {
            return "no such file";
        }
        if (unreadable instanceof AccessDeniedException) {
            return "no permission to read the file";
        }
        return Files.isDirectory(file) ? "is a directory" : "the file cannot be read: " + unreadable.getMessage();
    }

    /** Decodes the file; a byte order mark in front is dropped, as Notepad writes one. */
    private static String decode(byte[] bytes, Problems problems) throws ConfigException {
        if (looksLikeUtf16(bytes)) {
            throw problems.fatal(START, "the file is UTF-16", "UTF-8: save it as UTF-8");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CharsetDecoder decoder = UTF_8.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CoderResult result = decoder.decode(in, out, true);
        String text = withoutMark(out.flip().toString());
        if (result.isError()) {
            String bad = String.format("byte 0x%02x is not UTF-8", bytes[in.position()]);
            throw problems.fatal(endOf(text), bad, "UTF-8: save the file as UTF-8");
        }
        return text;
    }

    /** UTF-16 shows by its mark, or by the zero byte that every ASCII character has in it. */
    private static boolean looksLikeUtf16(byte[] bytes) {
        if (bytes.length < 2) {
            return false;
        }
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        return (first == 0xff && second == 0xfe) || (first == 0xfe && second == 0xff) || (first == 0) != (second == 0);
    }

    private static String withoutMark(String text) {
        return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    }

    /** The place behind the text, counted in code points as tomlj counts. */
    private static TomlPosition endOf(String text) {
        int line = 1 + (int) text.chars().filter(c -> c == '\n').count();
        int lineStart = text.lastIndexOf('\n') + 1;
        return TomlPosition.positionAt(line, 1 + text.codePointCount(lineStart, text.length()));
    }
}
