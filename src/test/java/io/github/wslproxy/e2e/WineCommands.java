package io.github.wslproxy.e2e;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Runs commands of the program on a Windows JVM that stays, see {@link ManyCommands}. */
final class WineCommands implements Closeable {
    private final Process jvm;
    private final OutputStream commands;
    private final InputStream answers;

    WineCommands(WineNetwork network) throws IOException {
        Wine windows = network.windows();
        Path classes = windows.file("C:\\classes");
        copyClass(classes);
        jvm = new ProcessBuilder(windows.command(
                        windows.java(),
                        "@" + network.program() + "\\jvm.options",
                        "-cp",
                        network.program() + "\\lib\\*;C:\\classes",
                        ManyCommands.class.getName()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        commands = jvm.getOutputStream();
        answers = new BufferedInputStream(jvm.getInputStream());
    }

    /** That class alone: beside it lies the logging configuration of the tests. */
    private static void copyClass(Path classes) throws IOException {
        String name = ManyCommands.class.getName().replace('.', '/') + ".class";
        Files.createDirectories(classes.resolve(name).getParent());
        try (InputStream code = ManyCommands.class.getResourceAsStream("/" + name)) {
            Files.copy(code, classes.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    Shell.Result run(String... arguments) throws IOException {
        commands.write((String.join("\t", arguments) + "\n").getBytes(StandardCharsets.UTF_8));
        commands.flush();
        String[] head = head().split(" ", -1);
        String out = text(Integer.parseInt(head[1]));
        return new Shell.Result(Integer.parseInt(head[0]), out, text(Integer.parseInt(head[2])));
    }

    private String head() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = answers.read(); next != '\n'; next = answers.read()) {
            if (next < 0) {
                throw new EOFException("the JVM has ended");
            }
            line.append((char) next);
        }
        return line.toString();
    }

    private String text(int size) throws IOException {
        return new String(answers.readNBytes(size), Wine.CONSOLE);
    }

    @Override
    public void close() throws IOException {
        commands.close();
        jvm.onExit().join();
    }
}
