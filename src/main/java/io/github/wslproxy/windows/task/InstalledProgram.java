package io.github.wslproxy.windows.task;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The place of the running program, and the Java that starts it at logon.
 *
 * @param folder the one that the zip was unpacked to
 * @param javaw the path of javaw.exe
 */
public record InstalledProgram(String folder, String javaw) {
    private static final String UNPACK =
            ": unpack wslproxy-VERSION.zip (mvn package makes it in target) where it may stay, such as"
                    + " %LOCALAPPDATA%\\Programs, and run wslproxy install there";

    /**
     * Finds it by the place of this class.
     *
     * @throws IOException if it does not run from an unpacked zip, or its Java has no javaw.exe; says what to do
     */
    public static InstalledProgram find() throws IOException {
        try {
            Path code = Path.of(InstalledProgram.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return find(asStarted(code, LauncherLetters.ofThisJava()), Path.of(System.getProperty("java.home")));
        } catch (URISyntaxException e) {
            throw new IOException("it is not known where the program lies" + UNPACK, e);
        }
    }

    /** @param code where the classes are: a jar or a folder */
    static InstalledProgram find(Path code, Path javaHome) throws IOException {
        Path folder = code.resolve("../..").normalize();
        if (!code.resolve("..").normalize().endsWith("lib") || !Files.isRegularFile(folder.resolve("jvm.options"))) {
            throw new IOException("it runs from " + code + ", which is not an unpacked program" + UNPACK);
        }
        if (Files.exists(folder.resolve("../../pom.xml"))) {
            throw new IOException("it runs from the source checkout that " + folder + " is in, where the next build"
                    + " replaces it" + UNPACK);
        }
        return new InstalledProgram(folder.toString(), javaw(folder, javaHome).toString());
    }

    /**
     * Where the code is, by a name that Java takes. Java makes the location of a class long (URLClassPath), and its
     * class path still has the short name, such as UKASZ~1, by which wslproxy.cmd may have started it.
     */
    private static Path asStarted(Path code, LauncherLetters letters) throws IOException {
        if (letters.take(code.toString())) {
            return code;
        }
        for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
            if (letters.take(entry) && Files.exists(Path.of(entry)) && Files.isSameFile(Path.of(entry), code)) {
                return Path.of(entry).toAbsolutePath();
            }
        }
        return code;
    }

    private static Path javaw(Path folder, Path javaHome) throws IOException {
        for (Path home : new Path[] {folder.resolve("runtime"), javaHome}) {
            Path javaw = home.resolve("bin").resolve("javaw.exe");
            if (Files.isRegularFile(javaw)) {
                return javaw;
            }
        }
        throw new IOException("the Java in " + javaHome
                + " has no bin\\javaw.exe, which starts it without a window: name another Java in"
                + " WSLPROXY_JAVA (winget install EclipseAdoptium.Temurin.21.JRE)");
    }

    /** Stands for the program on another system, where install can only show the task. */
    public static InstalledProgram placeholder(Map<String, String> environment) {
        String folder = localAppData(environment) + "\\Programs\\wslproxy";
        return new InstalledProgram(folder, folder + "\\runtime\\bin\\javaw.exe");
    }

    /** The user's folder for what stays on this computer; on another system a made-up one. */
    public static String localAppData(Map<String, String> environment) {
        return environment.getOrDefault(
                "LOCALAPPDATA", "C:\\Users\\" + System.getProperty("user.name", "user") + "\\AppData\\Local");
    }

    /**
     * How Windows starts it.
     *
     * @param config the path of proxy.toml; empty for the default one
     */
    public Launch launch(Optional<String> config) {
        return new Launch(folder, javaw, config);
    }
}
