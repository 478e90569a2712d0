package io.github.wslproxy.os;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where programs are on Windows, as absolute paths: given a bare name, CreateProcess looks into the folder of the
 * running program and into the working directory first, so that a stray wsl.exe lying there would be run.
 */
public final class WindowsPrograms {
    private static final Pattern ON_DRIVE = Pattern.compile("[A-Za-z]:\\\\[^/:*?\"<>|%;]+");

    /** Every Windows has it, and so has Wine. */
    private static final String SIGN = "\\System32\\cmd.exe";

    private final Function<String, Optional<String>> environment;
    private final Predicate<String> isFile;

    /** @param isFile whether there is a file at that path */
    WindowsPrograms(Function<String, Optional<String>> environment, Predicate<String> isFile) {
        this.environment = environment;
        this.isFile = isFile;
    }

    public static WindowsPrograms ofThisComputer() {
        return new WindowsPrograms(
                name -> Optional.ofNullable(System.getenv(name)), path -> Files.isRegularFile(Path.of(path)));
    }

    /**
     * The wsl.exe of the installed package, or else the one that comes with Windows, which hands over to it. A 32-bit
     * Java sees the latter under Sysnative only. Whether it is there is left to starting it.
     */
    public String wsl() {
        Stream<String> packaged = Stream.of("ProgramW6432", "ProgramFiles")
                .flatMap(name -> environment.apply(name).stream())
                .filter(WindowsPrograms::isOnDrive)
                .map(folder -> folder + "\\WSL\\wsl.exe");
        return Stream.concat(packaged, Stream.of(root() + "\\Sysnative\\wsl.exe"))
                .filter(isFile)
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
                .filter(WindowsPrograms::isOnDrive)
                .filter(root -> isFile.test(root + SIGN))
                .orElse("C:\\Windows");
    }

    /** Anything else would be relative to the working directory, or come over the network. */
    private static boolean isOnDrive(String folder) {
        return ON_DRIVE.matcher(folder).matches();
    }

    /**
     * What to run for {@code program}: itself if it is a path, else the file of that name in PATH; empty if none is.
     */
    public Optional<String> find(String program) {
        if (program.matches(".*[/\\\\:].*")) {
            return Optional.of(program);
        }
        String file = program.toLowerCase(Locale.ROOT).matches(".*\\.(exe|com|cmd|bat)") ? program : program + ".exe";
        return path().map(folder -> folder + "\\" + file).filter(isFile).findFirst();
    }

    private Stream<String> path() {
        List<String> folders =
                Arrays.asList(environment.apply("PATH").orElse("").split(";", -1));
        return folders.stream()
                .map(folder -> folder.replace("\"", "").strip())
                .filter(folder -> folder.matches("[A-Za-z]:[/\\\\].*|\\\\\\\\.*"));
    }
}
