package io.github.wslproxy.bench.compare.program;

import io.github.wslproxy.bench.compare.figure.Column;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** All programs, in the order of the table. */
public final class Programs {
    private static final Pattern VERSION = Pattern.compile("(?m)^JAVA_VERSION=\"(\\d+)");

    private Programs() {}

    /**
     * Those that are here and those that are not.
     *
     * @param launchers of wslproxy, one for each Java, whose archive of classes lies beside it
     * @param javas Java homes, at least one; each makes a wslproxy of its own
     */
    public static List<Program> all(List<Path> launchers, List<Path> javas) throws IOException {
        List<Program> programs = new ArrayList<>(List.of(new Direct()));
        for (int i = 0; i < javas.size(); i++) {
            Path java = javas.get(i);
            String name = "wslproxy" + (javas.size() == 1 ? "" : "/" + feature(java));
            programs.add(new Wslproxy(new Column(name, Column.Kind.OURS), launchers.get(i), java));
        }
        programs.addAll(List.of(
                Haproxy.peer(),
                Nginx.peer(),
                Pen.peer(),
                Rinetd.peer(),
                Socat.peer(),
                DockerProxy.peer(),
                Realm.peer()));
        return programs;
    }

    private static String feature(Path java) throws IOException {
        Matcher version = VERSION.matcher(Files.readString(java.resolve("release")));
        return version.find() ? version.group(1) : java.getFileName().toString();
    }
}
