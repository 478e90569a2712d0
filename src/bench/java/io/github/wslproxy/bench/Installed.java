package io.github.wslproxy.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The program as its users have it: the zip, unpacked, and the launcher in it. */
public final class Installed {
    private final Path launcher;

    private Installed(Path launcher) {
        this.launcher = launcher;
    }

    /** Unpacks {@code zip} into {@code folder}, which exists. Whoever made the folder removes it. */
    public static Installed unpack(Path zip, Path folder) throws IOException {
        Path launcher = null;
        try (InputStream file = Files.newInputStream(zip);
                ZipInputStream in = new ZipInputStream(file)) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                Path path = folder.resolve(entry.getName()).normalize();
                if (!path.startsWith(folder)) {
                    throw new IOException(zip + ": " + entry.getName() + " (expected: a name inside the zip)");
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                    continue;
                }
                Files.createDirectories(path.getParent());
                Files.copy(in, path);
                if (path.endsWith("wslproxy")) {
                    launcher = path;
                }
            }
        }
        // The stream gives no modes, which stand in the zip's directory.
        if (launcher == null || !launcher.toFile().setExecutable(true)) {
            throw new IOException(zip + ": no launcher (expected: a zip that mvn package has made)");
        }
        return new Installed(launcher);
    }

    /**
     * Starts it with a configuration, on the Java that runs the bench.
     *
     * @param output takes what it prints, and is begun anew
     * @param state where it keeps who runs, instead of the home of who runs the bench
     */
    public RunningProxy start(Path config, Path output, Path state) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(launcher.toString(), "--config", config.toString())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment()
                .putAll(Map.of("XDG_STATE_HOME", state.toString(), "WSLPROXY_JAVA", System.getProperty("java.home")));
        return new RunningProxy(builder.start());
    }
}
