package io.github.wslproxy.e2e;

import io.github.wslproxy.cli.WslProxyCommand;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Runs one command of the program after the other in one JVM, since a JVM takes seconds to start under Wine. This side
 * is that JVM; {@link WineCommands} is the other.
 *
 * <p>A line of stdin is a command, its arguments separated by tabs. The answer is a line with the exit status and the
 * sizes of both outputs, and then these, as the program has written them.
 */
public final class ManyCommands {
    private ManyCommands() {}

    /** Ends with stdin. */
    public static void main(String[] args) throws IOException {
        PrintStream answers = System.out;
        for (String command = readLine(); !command.isEmpty(); command = readLine()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            System.setOut(new PrintStream(out, true));
            System.setErr(new PrintStream(err, true));
            int status = WslProxyCommand.run(command.split("\t", -1));
            System.out.flush();
            System.err.flush();
            answers.print(status + " " + out.size() + " " + err.size() + "\n");
            out.writeTo(answers);
            err.writeTo(answers);
            answers.flush();
        }
    }

    /** Without System.in, which asks how much is there, as Wine's pipes do not tell. */
    private static String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        FileInputStream in = new FileInputStream(FileDescriptor.in);
        for (int next = in.read(); next != '\n' && next >= 0; next = in.read()) {
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8);
    }
}
