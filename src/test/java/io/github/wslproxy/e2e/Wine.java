package io.github.wslproxy.e2e;

import io.github.wslproxy.testing.Await;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Windows computer: Wine with a Windows JVM, in the network namespace of a {@link Host}.
 *
 * <p>The namespace is that of Wine's server, not of who calls it, so the server is started there first.
 */
final class Wine {
    /** What a Windows JVM prints into a pipe: the code page of western Europe, whatever the locale here is. */
    static final Charset CONSOLE = Charset.forName("windows-1252");

    /** What the tools of Windows print: the code page that DOS had. */
    private static final Charset TOOLS = Charset.forName("IBM437");

    /** Of a cmd.exe that could not start a program; Linux hands on the last byte. */
    private static final int NOT_STARTED = 9009 & 0xff;

    private static final String PLACE_OF_JAVA = "WSLPROXY_WINE";
    private static final Path SETUP = Path.of("src/test/wine/setup.sh").toAbsolutePath();

    /** Test JVMs that run side by side have a computer each. */
    private static final Path PREFIX = Path.of("target", "wine", "prefix" + Integer.getInteger("test.fork", 1))
            .toAbsolutePath();

    private final Host host;
    private final String java;

    private Wine(Host host, String java) {
        this.host = host;
        this.java = java;
    }

    /** What is not installed; empty if all of it is. */
    static Optional<String> missing() throws IOException, InterruptedException {
        Shell.Result missing = Shell.run(SETUP.toString(), "missing");
        return missing.status() == 0
                ? Optional.empty()
                : Optional.of(missing.out().lines().collect(Collectors.joining(", ")));
    }

    /** Takes ten seconds where target/ has no computer of an earlier run. */
    static Wine boot(Host host) throws IOException, InterruptedException {
        Shell.run(environment("wineserver", "--kill")); // one that a killed run has left is in another namespace
        Shell.Result setup = Shell.run(environment(SETUP.toString(), "prefix")).orFail();
        Wine wine = new Wine(host, setup.out().strip());
        // It stays until it is told to go. Without that each program would start and stop it.
        host.run(environment("wineserver", "--persistent").toArray(String[]::new))
                .orFail();
        wine.run("cmd.exe", "/c", "exit").orFail();
        return wine;
    }

    /** Nothing of the environment here is to be seen there, such as JAVA_HOME. */
    private static List<String> environment(String... command) {
        Stream<String> environment = Stream.of(
                "env",
                "-i",
                "PATH=" + System.getenv("PATH"),
                "HOME=" + System.getenv("HOME"),
                "LC_ALL=C.UTF-8", // else Wine cannot name a file with an umlaut
                "WINEPREFIX=" + PREFIX,
                "WINEDEBUG=-all",
                "WINEDLLOVERRIDES=mscoree=d;mshtml=d;winemenubuilder.exe=d");
        Stream<String> place =
                Optional.ofNullable(System.getenv(PLACE_OF_JAVA)).map(each -> PLACE_OF_JAVA + "=" + each).stream();
        return Stream.of(environment, place, Stream.of(command))
                .flatMap(part -> part)
                .toList();
    }

    /** The Java for Windows, as a Windows path. */
    String java() {
        return inWindows(Path.of(java));
    }

    /** The home of that Java. */
    String javaHome() {
        return inWindows(javaHomeHere());
    }

    Path javaHomeHere() {
        return Path.of(java).getParent().getParent();
    }

    Host host() {
        return host;
    }

    /** @param path absolute, on drive C: {@code C:\Windows} */
    Path file(String path) {
        if (!path.startsWith("C:\\")) {
            throw new IllegalArgumentException(path + " (expected: C:\\...)");
        }
        return PREFIX.resolve("drive_c").resolve(path.substring(3).replace('\\', '/'));
    }

    /** The path under which Windows programs find a file: drive Z is the root of this system. */
    static String inWindows(Path file) {
        return "Z:" + file.toAbsolutePath().toString().replace('/', '\\');
    }

    /** The command line that runs a Windows program; variables may stand before it, as for {@code env}. */
    List<String> command(String... command) {
        Stream<String> variables = Stream.of(command).takeWhile(Wine::isVariable);
        Stream<String> program = Stream.of(command).dropWhile(Wine::isVariable);
        return host.here(environment(Stream.of(variables, Stream.of("wine"), program)
                        .flatMap(part -> part)
                        .toArray(String[]::new))
                .toArray(String[]::new));
    }

    static boolean isVariable(String word) {
        return word.matches("[A-Z_]+=.*");
    }

    /** Runs a Windows program to its end. */
    Shell.Result run(String... command) throws IOException, InterruptedException {
        return run(command(command));
    }

    /**
     * Runs what {@link #command} has made to its end. Once in some thousands of runs the cmd.exe of Wine did not start the
     * program that a command file names. Nothing has run then, so it is tried once more, and that is told.
     */
    static Shell.Result run(List<String> command) throws IOException, InterruptedException {
        Shell.Result result = Shell.run(command, CONSOLE);
        if (result.status() != NOT_STARTED) {
            return result;
        }
        System.err.println("once more, as cmd.exe could not start a program: " + command + ": " + result);
        return Shell.run(command, CONSOLE);
    }

    /** Makes a text file with its folder: UTF-8 with a byte order mark, lines that end in CRLF. */
    void writeAsNotepad(String path, String text) throws IOException {
        Path file = file(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "\ufeff" + text.replace("\n", "\r\n"));
    }

    /** @param text what follows the first line of a .reg file */
    void importRegistry(String text) throws IOException, InterruptedException {
        String all = "\ufeffWindows Registry Editor Version 5.00\n\n" + text;
        Files.writeString(file("C:\\windows\\temp\\test.reg"), all.replace("\n", "\r\n"), StandardCharsets.UTF_16LE);
        run("reg.exe", "import", "C:\\windows\\temp\\test.reg").orFail();
    }

    /** A text out of the registry. */
    String registryValue(String key, String name) throws IOException, InterruptedException {
        Shell.Result query = Shell.run(command("reg.exe", "query", key, "/v", name), TOOLS);
        Matcher value =
                Pattern.compile("\\sREG_SZ\\s+(.*\\S)").matcher(query.orFail().out());
        if (!value.find()) {
            throw new AssertionError("no text: " + query.out());
        }
        return value.group(1);
    }

    /** The processes whose command line holds {@code word}, in the order they were started. */
    List<ProcessHandle> processes(String word) throws IOException {
        return host.processes().stream()
                .filter(process -> commandLine(process).contains(word))
                .flatMap(process -> ProcessHandle.of(process).stream())
                .sorted()
                .toList();
    }

    private static String commandLine(long process) {
        try {
            return Files.readString(Path.of("/proc/" + process + "/cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException endedMeanwhile) {
            return "";
        }
    }

    void shutDown() throws Exception {
        Shell.run(environment("wineserver", "--kill"));
        Await.until(() -> host.processes().isEmpty());
    }
}
