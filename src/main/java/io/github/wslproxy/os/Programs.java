package io.github.wslproxy.os;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds programs, as absolute paths, so that a stray program in the working directory is never run.
 *
 * <p>Given a bare name, CreateProcess of Windows looks into the folder of the running program and into the working
 * directory first. By POSIX an empty element of PATH is the working directory (XBD 8.3), and Java has one where PATH is
 * not set (OpenJDK childproc.c).
 */
public final class Programs {
    private static final Pattern ON_DRIVE = Pattern.compile("[A-Za-z]:\\\\[^/:*?\"<>|%;]+");

    /** Every Windows has it, and so has Wine. */
    private static final String SIGN = "\\System32\\cmd.exe";

    /** These folders are searched on other systems than Windows where there is no PATH. */
    private static final String USUAL = "/usr/local/bin:/usr/bin:/bin";

    private final boolean windows;
    private final Function<String, Optional<String>> environment;
    private final Predicate<String> isProgram;

    /** @param isProgram whether there is a file at that path that may be run */
    Programs(boolean windows, Function<String, Optional<String>> environment, Predicate<String> isProgram) {
        this.windows = windows;
        this.environment = environment;
        this.isProgram = isProgram;
    }

    public static Programs ofThisComputer() {
        boolean windows = OperatingSystem.isWindows();
        return new Programs(
                windows, name -> Optional.ofNullable(System.getenv(name)), path -> isProgram(Path.of(path), windows));
    }

    /**
     * An app execution alias of Windows, such as ubuntu2404.exe, is a reparse point that only CreateProcess can open,
     * so its target is not looked at (openjdk/jdk#32197).
     */
    static boolean isProgram(Path path, boolean windows) {
        return windows
                ? Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(path)
                : Files.isRegularFile(path) && Files.isExecutable(path);
    }

    /**
     * The wsl.exe of the installed package, or else the one that comes with Windows, which hands over to it. A 32-bit
     * Java sees the latter under Sysnative only. Whether it is there is left to starting it.
     */
    public String wsl() {
        Stream<String> packaged = Stream.of("ProgramW6432", "ProgramFiles")
                .flatMap(name -> environment.apply(name).stream())
                .filter(Programs::isOnDrive)
                .map(folder -> folder + "\\WSL\\wsl.exe");
        return Stream.concat(packaged, Stream.of(root() + "\\Sysnative\\wsl.exe"))
                .filter(isProgram)
                .findFirst()
                .orElseGet(() -> system("wsl"));
    }

    /** A tool that comes with Windows, by its name without {@code .exe}. Whether it is there is left to starting it. */
    public String system(String tool) {
        return root() + "\\System32\\" + tool + ".exe";
    }

    /**
     * The folder of Windows. The variable is the user's to set, and what is run from there may ask to be administrator:
     * it counts only if it is a folder of a drive that has the tools of Windows.
     */
    public String root() {
        return environment
                .apply("SystemRoot")
                .filter(Programs::isOnDrive)
                .filter(root -> isProgram.test(root + SIGN))
                .orElse("C:\\Windows");
    }

    /** Anything else would be relative to the working directory, or come over the network. */
    private static boolean isOnDrive(String folder) {
        return ON_DRIVE.matcher(folder).matches();
    }

    /** Finds what to run for {@code program}: itself if it is a path, else the file of that name in PATH. */
    public Optional<String> find(String program) {
        return windows ? findOnWindows(program) : findElsewhere(program);
    }

    private Optional<String> findOnWindows(String program) {
        if (program.matches(".*[/\\\\:].*")) {
            return Optional.of(program);
        }
        String file = program.toLowerCase(Locale.ROOT).matches(".*\\.(exe|com|cmd|bat)") ? program : program + ".exe";
        return Arrays.stream(environment.apply("PATH").orElse("").split(";", -1))
                .map(folder -> folder.replace("\"", "").strip())
                .filter(folder -> folder.matches("[A-Za-z]:[/\\\\].*|\\\\\\\\.*"))
                .map(folder -> folder + "\\" + file)
                .filter(isProgram)
                .findFirst();
    }

    private Optional<String> findElsewhere(String program) {
        if (program.indexOf('/') >= 0) {
            return Optional.of(program);
        }
        return Arrays.stream(environment.apply("PATH").orElse(USUAL).split(":"))
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, program).toString())
                .filter(isProgram)
                .findFirst();
    }
}
