package io.github.wslproxy.e2e;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Runs commands of the program on a Windows JVM that stays, see {@link ManyCommands}. */
final class WineCommands implements Closeable {
    private final Process jvm;
    private final OutputStream commands;
    private final InputStream answers;

    WineCommands(WineNetwork network) throws IOException {
        jvm = new ProcessBuilder(network.java(ManyCommands.class))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        commands = jvm.getOutputStream();
        answers = new BufferedInputStream(jvm.getInputStream());
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
