package io.github.wslproxy.dist;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs {@code dist/wslproxy} itself, with a pretend Java that tells what it was started with. */
@Tag("slow")
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs /bin/sh; wslproxy.cmd is the launcher there")
class LauncherTest {
    private static final Path LAUNCHER = Path.of("dist/wslproxy");
    private static final Path WINDOWS_LAUNCHER = Path.of("dist/wslproxy.cmd");
    private static final Path OPTIONS = Path.of("dist/jvm.options");
    private static final String MAIN = "io.github.wslproxy.Main";

    /** Its process id and each argument, ended by NUL as only that can be in no argument. */
    private static final String TELLING = "printf '%s\\0' $$ \"$0\" \"$PWD\" \"$@\"";

    @TempDir
    Path temp;

    private final Map<String, String> environment = new HashMap<>();

    /** What the launcher needs beside Java and Maven: the real folders on the PATH may hold those too. */
    private Path tools;

    @BeforeEach
    void makeTools() throws IOException {
        temp = temp.toRealPath();
        tools = Files.createDirectory(temp.resolve("tools"));
        for (String tool : List.of("mkdir", "readlink", "rm", "sed", "sleep", "uname")) {
            for (Path folder : List.of(Path.of("/bin"), Path.of("/usr/bin"))) {
                if (Files.exists(folder.resolve(tool))) {
                    program("tools/" + tool, "exec " + folder.resolve(tool) + " \"$@\"");
                }
            }
        }
        environment.put("PATH", tools.toString());
    }

    @Test
    void startsFromAnyDirectoryAndStaysThere() throws Exception {
        Path launcher = installed("opt/wslproxy");
        environment.put("JAVA_HOME", java("jdk", "17.0.15").toString());
        Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));

        Started byPath = run(elsewhere, launcher.toString(), "status").started();
        assertThat(byPath.directory).isEqualTo(elsewhere);
        assertThat(byPath.classPath()).isEqualTo(temp + "/opt/wslproxy/lib/*");
        assertThat(byPath.arguments()).containsExactly("status");

        assertThat(run(elsewhere, "../opt/wslproxy/wslproxy").started().classPath())
                .isEqualTo(temp + "/opt/wslproxy/lib/*");
        assertThat(run(launcher.getParent(), "wslproxy").started().classPath()).isEqualTo(temp + "/opt/wslproxy/lib/*");
    }

    @Test
    void isNotLedAstrayByCdpath() throws Exception {
        installed("opt/wslproxy");
        installed("decoy/opt/wslproxy");
        environment.put("JAVA_HOME", java("jdk", "17.0.15").toString());
        environment.put("CDPATH", temp + "/decoy");

        assertThat(run(temp, "opt/wslproxy/wslproxy").started().classPath()).isEqualTo(temp + "/opt/wslproxy/lib/*");
    }

    @Test
    void startsThroughSymbolicLinks() throws Exception {
        Path launcher = installed("opt/wslproxy");
        environment.put("JAVA_HOME", java("jdk", "17.0.15").toString());
        Path bin = Files.createDirectories(temp.resolve("home/bin"));
        Path absolute = Files.createSymbolicLink(bin.resolve("absolute"), launcher);
        Path relative = Files.createSymbolicLink(bin.resolve("relative"), Path.of("../../opt/wslproxy/wslproxy"));
        Path chain = Files.createSymbolicLink(temp.resolve("chain"), Path.of("home/bin/relative"));
        Path folder = Files.createSymbolicLink(temp.resolve("folder"), Path.of("opt/wslproxy"));

        for (Path link : List.of(absolute, relative, chain, folder.resolve("wslproxy"))) {
            assertThat(run(temp, link.toString()).started().classPath())
                    .as("%s", link)
                    .isEqualTo(temp + "/opt/wslproxy/lib/*");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Jörg Müller", "-dash", "a * b", "it's \"$HOME\""})
    void startsFromFoldersWithAnyName(String name) throws Exception {
        Path launcher;
        try {
            launcher = installed(name + "/wslproxy");
        } catch (InvalidPathException e) {
            abort("this JVM cannot name the folder: run it under a UTF-8 locale");
            return;
        }
        environment.put("JAVA_HOME", java(name + "/jdk", "17.0.15").toString());

        Started started = run(temp, launcher.toString()).started();
        assertThat(started.classPath()).isEqualTo(temp + "/" + name + "/wslproxy/lib/*");
        assertThat(started.java).isEqualTo(temp + "/" + name + "/jdk/bin/java");
        assertThat(run(temp.resolve(name), "wslproxy/wslproxy").started().classPath())
                .isEqualTo(started.classPath());
    }

    @Test
    void handsTheArgumentsOnUnchanged() throws Exception {
        Path launcher = installed("opt/wslproxy");
        environment.put("JAVA_HOME", java("jdk", "17.0.15").toString());
        List<String> arguments =
                List.of("--config", "a b.toml", "", "*", "\"q\"", "it's", "$HOME", "`id`", "\\n", "x\ny", "-D", "ä");

        assertThat(run(temp, launcher.toString(), arguments.toArray(String[]::new))
                        .started()
                        .arguments())
                .isEqualTo(arguments);
    }

    @Test
    void looksForJavaWhereTheUserNamedItFirst() throws Exception {
        Path launcher = installed("opt/wslproxy");
        Path onPath = java("path", "17.0.15").resolve("bin");
        environment.put("PATH", onPath + ":" + tools);
        assertThat(run(temp, launcher.toString()).started().java).isEqualTo(onPath + "/java");

        Path home = java("home", "17.0.15");
        environment.put("JAVA_HOME", home.toString());
        assertThat(run(temp, launcher.toString()).started().java).isEqualTo(home + "/bin/java");

        Path own = java("opt/wslproxy/runtime", "17.0.15");
        assertThat(run(temp, launcher.toString()).started().java).isEqualTo(own + "/bin/java");

        Path named = java("named", "17.0.15");
        environment.put("WSLPROXY_JAVA", named + "/bin/java");
        assertThat(run(temp, launcher.toString()).started().java).isEqualTo(named + "/bin/java");
        environment.put("WSLPROXY_JAVA", named.toString());
        assertThat(run(temp, launcher.toString()).started().java).isEqualTo(named + "/bin/java");
    }

    @Test
    void saysWhatToInstallWithoutJava() throws Exception {
        Ended ended = run(temp, installed("opt/wslproxy").toString());

        assertThat(ended.status).isEqualTo(1);
        assertThat(ended.output).isEmpty();
        assertThat(ended.errors).startsWith("wslproxy: Java 17 or newer is needed and there is none: ");
        assertThat(ended.errors.lines()).hasSize(1);
    }

    @Test
    void namesThePackageThatThisDebianHas() throws Exception {
        program("tools/apt-get", "exit 0");
        program("tools/apt-cache", "test \"$2\" = openjdk-21-jre-headless");

        assertThat(run(temp, installed("opt/wslproxy").toString()).errors)
                .endsWith("there is none: sudo apt install openjdk-21-jre-headless\n");
    }

    @ParameterizedTest
    @CsvSource({"1.8.0_392, 8", "11.0.2, 11", "16, 16"})
    void refusesAnOldJava(String version, String feature) throws Exception {
        Path launcher = installed("opt/wslproxy");
        Path home = java("jdk", version);
        environment.put("JAVA_HOME", home.toString());

        Ended ended = run(temp, launcher.toString());
        assertThat(ended.status).isEqualTo(1);
        assertThat(ended.output).isEmpty();
        assertThat(ended.errors)
                .startsWith("wslproxy: Java 17 or newer is needed and " + home + "/bin/java (JAVA_HOME) is " + feature
                        + ": ")
                .contains("WSLPROXY_JAVA");
        assertThat(ended.errors.lines()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"WSLPROXY_JAVA, missing/java", "WSLPROXY_JAVA, file", "WSLPROXY_JAVA, empty", "JAVA_HOME, empty"})
    void aNamedJavaThatIsNoneIsAnErrorAndNotPassedOver(String variable, String value) throws Exception {
        Path launcher = installed("opt/wslproxy");
        environment.put("PATH", java("path", "17.0.15").resolve("bin") + ":" + tools);
        Files.createDirectory(temp.resolve("empty"));
        Files.createFile(temp.resolve("file"));
        environment.put(variable, temp + "/" + value);

        Ended ended = run(temp, launcher.toString());
        assertThat(ended.status).isEqualTo(1);
        assertThat(ended.errors)
                .startsWith("wslproxy: " + variable + " leads to " + temp + "/" + value)
                .endsWith("which is not a Java program: correct or unset it\n");
        assertThat(ended.errors.lines()).hasSize(1);
    }

    @Test
    void readsTheVersionWithoutStartingJava() throws Exception {
        Path launcher = installed("opt/wslproxy");
        Path home = java("jdk", "17.0.15");
        program("jdk/bin/java", "echo start >>" + temp + "/starts", TELLING);
        Files.createDirectories(temp.resolve("usr/bin"));
        Files.createSymbolicLink(temp.resolve("usr/bin/java"), Path.of("../../alternative"));
        Files.createSymbolicLink(temp.resolve("alternative"), home.resolve("bin/java"));
        environment.put("PATH", temp + "/usr/bin:" + tools);

        run(temp, launcher.toString()).started();
        assertThat(temp.resolve("starts")).hasContent("start");
    }

    @ParameterizedTest
    @CsvSource({"17.0.15, 0", "1.8.0_392, 1", "11.0.2, 1", "25-ea, 0"})
    void asksAJavaWhoseFolderIsSilent(String version, int status) throws Exception {
        Path launcher = installed("opt/wslproxy");
        program(
                "shims/java",
                "if [ \"$1\" = -version ]; then",
                "  echo 'Picked up JAVA_TOOL_OPTIONS: -Da=b' >&2",
                "  echo 'openjdk version \"" + version + "\" 2025-04-15' >&2",
                "  echo 'OpenJDK Runtime Environment (build 9)' >&2",
                "  exit",
                "fi",
                TELLING);
        environment.put("PATH", temp + "/shims:" + tools);

        assertThat(run(temp, launcher.toString()).status).isEqualTo(status);
    }

    @Test
    void aJavaThatOnlyAsksForItsInstallationCountsAsNone() throws Exception {
        program("usr/bin/java", "echo 'Unable to locate a Java Runtime.' >&2", "exit 1");
        environment.put("PATH", temp + "/usr/bin:" + tools);

        Ended ended = run(temp, installed("opt/wslproxy").toString());
        assertThat(ended.status).isEqualTo(1);
        assertThat(ended.errors).contains("/usr/bin/java (PATH) does not start: ");
        assertThat(ended.errors.lines()).hasSize(1);
    }

    @Test
    void addsTheUsersOptionsWordByWordAfterItsOwn() throws Exception {
        Path launcher = installed("opt/wslproxy");
        environment.put("JAVA_HOME", java("jdk", "17.0.15").toString());
        environment.put("WSLPROXY_JAVA_OPTS", " -Xmx128m  -Da=* ");
        Files.createFile(temp.resolve("-Da=b"));

        assertThat(run(temp, launcher.toString()).started().options())
                .containsExactly("@" + temp + "/opt/wslproxy/jvm.options", "-Xmx128m", "-Da=*");
    }

    @Test
    void javaTakesThePlaceOfTheLauncher() throws Exception {
        Path launcher = installed("opt/wslproxy");
        environment.put("JAVA_HOME", java("jdk", "17.0.15").toString());
        program("jdk/bin/java", TELLING, "exit 42");

        Ended ended = run(temp, launcher.toString());
        assertThat(ended.started().pid).isEqualTo(ended.pid);
        assertThat(ended.status).isEqualTo(42);
    }

    @Test
    void signalsReachJava() throws Exception {
        Path launcher = installed("opt/wslproxy");
        environment.put("JAVA_HOME", java("jdk", "17.0.15").toString());
        program("jdk/bin/java", "trap 'exit 7' TERM", "echo ready", "while :; do sleep 0.1; done");

        Process process = start(temp, launcher.toString());
        assertThat(process.inputReader().readLine()).isEqualTo("ready");
        process.destroy();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(7);
    }

    @Test
    void aCheckoutIsBuiltOnce() throws Exception {
        Path launcher = checkout("src");
        maven("echo \"$PWD $*\" >>" + temp + "/builds", "echo progress", "mkdir -p target/wslproxy/lib");

        Ended first = run(temp, launcher.toString(), "a b");
        assertThat(first.errors).isEqualTo("wslproxy: building it first, once (mvn package) ...\nprogress\n");
        assertThat(first.started().classPath()).isEqualTo(temp + "/src/target/wslproxy/lib/*");
        assertThat(first.started().options()).containsExactly("@" + temp + "/src/dist/jvm.options");
        assertThat(first.started().arguments()).containsExactly("a b");
        assertThat(first.started().directory).isEqualTo(temp);

        Ended second = run(temp, launcher.toString());
        assertThat(second.errors).isEmpty();
        second.started();
        assertThat(temp.resolve("builds")).hasContent(temp + "/src -B -DskipTests package");
    }

    @Test
    void aFailedBuildShowsItsOutputAndIsTriedAgain() throws Exception {
        Path launcher = checkout("src");
        maven("echo '[ERROR] it went wrong'", "mkdir -p target/wslproxy/lib", "exit 1");

        Ended failed = run(temp, launcher.toString());
        assertThat(failed.status).isEqualTo(1);
        assertThat(failed.output).isEmpty();
        assertThat(failed.errors)
                .contains("[ERROR] it went wrong\n")
                .endsWith("wslproxy: it could not be built in " + temp + "/src\n");

        maven("mkdir -p target/wslproxy/lib");
        run(temp, launcher.toString()).started();
    }

    @Test
    void aCheckoutWithoutMavenSaysSo() throws Exception {
        Ended ended = run(temp, checkout("src").toString());

        assertThat(ended.status).isEqualTo(1);
        assertThat(ended.errors).startsWith("wslproxy: Maven is needed to build it and there is none: install ");
        assertThat(ended.errors.lines()).hasSize(1);
    }

    @Test
    void saysWhenThereIsNeitherProgramNorCheckout() throws Exception {
        Path launcher = copy(temp.resolve("lost/wslproxy"));

        Ended ended = run(temp, launcher.toString());
        assertThat(ended.status).isEqualTo(1);
        assertThat(ended.errors)
                .isEqualTo("wslproxy: " + temp + "/lost has no lib folder, so the program is incomplete: unpack it"
                        + " again\n");
    }

    @Test
    void saysWhenTheClassPathCannotNameTheFolder() throws Exception {
        environment.put("JAVA_HOME", java("jdk", "17.0.15").toString());

        Ended ended = run(temp, installed("a:b").toString());
        assertThat(ended.status).isEqualTo(1);
        assertThat(ended.errors).contains(temp + "/a:b").contains("':'");
    }

    /** The file has Windows line ends in the zip. */
    @Test
    void thisJavaTakesTheOptionsWithoutAWord() throws Exception {
        Path options = Files.createDirectory(temp.resolve("a b")).resolve("jvm.options");
        Files.writeString(options, Files.readString(OPTIONS).replace("\n", "\r\n"));

        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + options,
                        "-XX:+PrintFlagsFinal",
                        "--version")
                .start();
        assertThat(new String(java.getInputStream().readAllBytes(), UTF_8))
                .containsPattern("MaxHeapSize +=  *134217728 ")
                .containsPattern("UseSerialGC +=  *true ");
        assertThat(java.getErrorStream().readAllBytes()).isEmpty();
        assertThat(java.waitFor()).isZero();
    }

    @Test
    void theOptionsStandInOnePlace() throws Exception {
        String windows = Files.readString(WINDOWS_LAUNCHER, UTF_8);

        assertThat(windows.lines().filter(line -> line.contains(" io.github.wslproxy.Main ")))
                .hasSize(2)
                .allSatisfy(line ->
                        assertThat(line).contains(" \"@%options%\" %WSLPROXY_JAVA_OPTS% -cp \"%libraries%\\*\" "));
        assertThat(windows).containsOnlyOnce("set \"options=%~dp0jvm.options\"");
        for (String launcher : List.of(windows, Files.readString(LAUNCHER, UTF_8))) {
            assertThat(launcher).doesNotContain("-X", "-Dsun", "-Dio");
        }
    }

    @Test
    void theWindowlessLauncherHasJavawRunTheSameProgram() throws Exception {
        assertThat(Files.readString(Path.of("dist/wslproxyw.cmd"), UTF_8))
                .containsSubsequence("set \"WSLPROXY_WINDOWLESS=1\"", "wslproxy.cmd\" --background %*");
        assertThat(Files.readString(WINDOWS_LAUNCHER, UTF_8))
                .containsSubsequence(
                        "if not defined WSLPROXY_WINDOWLESS goto in_this_window",
                        "\"%javaw%\" ",
                        ":in_this_window",
                        "\"%java%\" ");
    }

    /** cmd's && and || look at the last command of a file that was not started by call, and not at ERRORLEVEL. */
    @Test
    void theLastCommandOfTheWindowsLauncherIsJava() throws Exception {
        assertThat(Files.readString(WINDOWS_LAUNCHER, UTF_8).lines())
                .last()
                .asString()
                .startsWith("\"%java%\" ")
                .endsWith(" io.github.wslproxy.Main %*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"wslproxy.cmd", "wslproxyw.cmd", "jvm.options"})
    void whatWindowsReadsIsAsciiSinceItsCodePageIsUnknown(String file) throws Exception {
        assertThat(US_ASCII.newEncoder().canEncode(Files.readString(Path.of("dist", file), UTF_8)))
                .isTrue();
    }

    private Path installed(String folder) throws IOException {
        Path program = Files.createDirectories(temp.resolve(folder));
        Files.createDirectory(program.resolve("lib"));
        return copy(program.resolve("wslproxy"));
    }

    /** A fresh checkout, with a Java for it in JAVA_HOME. */
    private Path checkout(String folder) throws IOException {
        environment.put("JAVA_HOME", java("jdk", "17.0.15").toString());
        Path launcher = copy(temp.resolve(folder).resolve("dist/wslproxy"));
        Files.writeString(temp.resolve(folder).resolve("pom.xml"), "<project/>");
        return launcher;
    }

    private static Path copy(Path launcher) throws IOException {
        Files.createDirectories(launcher.getParent());
        return Files.copy(LAUNCHER, launcher);
    }

    private Path java(String home, String version) throws IOException {
        program(home + "/bin/java", TELLING);
        Path folder = temp.resolve(home);
        Files.writeString(
                folder.resolve("release"), "IMPLEMENTOR=\"N/A\"\nJAVA_VERSION=\"" + version + "\"\nLIBC=\"gnu\"\n");
        return folder;
    }

    private void maven(String... script) throws IOException {
        program("tools/mvn", script);
    }

    private void program(String path, String... script) throws IOException {
        Path file = temp.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + String.join("\n", script) + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private Process start(Path directory, String launcher, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", launcher));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        return builder.start();
    }

    private Ended run(Path directory, String launcher, String... arguments) throws Exception {
        Process process = start(directory, launcher, arguments);
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        String errors = new String(process.getErrorStream().readAllBytes(), UTF_8);
        return new Ended(process.pid(), process.waitFor(), output, errors);
    }

    private record Ended(long pid, int status, String output, String errors) {
        /** What the pretend Java told of itself. */
        Started started() {
            assertThat(output).as("Java was not started: %s", errors).contains("\0");
            String[] all = output.substring(0, output.length() - 1).split("\0", -1);
            assertThat(all).contains(MAIN);
            return new Started(
                    Long.parseLong(all[0]),
                    all[1],
                    Path.of(all[2]),
                    List.of(all).subList(3, all.length));
        }
    }

    private record Started(long pid, String java, Path directory, List<String> words) {
        List<String> options() {
            return words.subList(0, words.indexOf("-cp"));
        }

        String classPath() {
            return words.get(words.indexOf("-cp") + 1);
        }

        List<String> arguments() {
            return words.subList(words.indexOf(MAIN) + 1, words.size());
        }
    }
}
