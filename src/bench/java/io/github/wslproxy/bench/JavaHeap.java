package io.github.wslproxy.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The heap of a Java process that runs the serial collector, as jcmd of the same JDK tells it. */
public final class JavaHeap {
    private static final Pattern OLD_GENERATION = Pattern.compile("tenured generation\\s+total \\d+K, used (\\d+)K");

    private final long pid;

    public JavaHeap(long pid) {
        this.pid = pid;
    }

    /** What the old generation holds, garbage among it. Forces nothing. */
    public long heldBytes() throws IOException, InterruptedException {
        String text = jcmd("GC.heap_info");
        Matcher used = OLD_GENERATION.matcher(text);
        if (!used.find()) {
            throw new IOException("jcmd " + pid + " GC.heap_info: no tenured generation in: " + text.strip());
        }
        return Long.parseLong(used.group(1)) * 1024;
    }

    /** What is left after a collection, which this forces. */
    public long liveBytes() throws IOException, InterruptedException {
        jcmd("GC.run");
        return heldBytes();
    }

    private String jcmd(String command) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process = new ProcessBuilder(jcmd.toString(), Long.toString(pid), command)
                .redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("jcmd " + pid + " " + command + ": " + text.strip());
        }
        return text;
    }
}
