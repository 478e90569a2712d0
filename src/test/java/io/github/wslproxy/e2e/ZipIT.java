package io.github.wslproxy.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The zip that {@code mvn package} makes: what is in it, and that it runs where it is unpacked. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "modes and sh; the Windows build starts wslproxy.cmd instead")
class ZipIT {
    private static final int MEGABYTE = 1_000_000;
    private static final Pattern NOTICE = Pattern.compile("(?m)^(\\S+\\.jar) +(.+?) +https://\\S+$");

    @TempDir
    Path folder;

    private String version;
    private Path zip;

    @BeforeEach
    void find() throws IOException {
        version = version();
        zip = Path.of("target/wslproxy-" + version + ".zip");
        assertThat(zip).exists();
    }

    @Test
    void holdsTheProgramInOneFolderAndNothingElse() throws Exception {
        assertThat(Files.size(zip)).isLessThan(10L * MEGABYTE);
        assertThat(files().keySet())
                .filteredOn(name -> !name.startsWith("lib/"))
                .containsExactlyInAnyOrder(
                        "wslproxy",
                        "wslproxy.cmd",
                        "wslproxyw.cmd",
                        "jvm.options",
                        "conf/proxy.toml",
                        "docs/architecture.md",
                        "docs/commands.md",
                        "docs/configuration.md",
                        "docs/performance.md",
                        "docs/security.md",
                        "docs/status-api.md",
                        "docs/testing.md",
                        "docs/troubleshooting.md",
                        "docs/windows.md",
                        "README.md",
                        "LICENSE",
                        "THIRD-PARTY.txt");
        assertThat(libraries()).contains("wslproxy-" + version + ".jar").allMatch(jar -> jar.endsWith(".jar"));
    }

    @Test
    void namesTheLicenceOfEveryLibrary() throws Exception {
        String notices = new String(files().get("THIRD-PARTY.txt"), US_ASCII);
        List<MatchResult> lines = NOTICE.matcher(notices).results().toList();

        assertThat(lines.stream().map(line -> line.group(1)))
                .containsExactlyInAnyOrderElementsOf(libraries().stream()
                        .filter(jar -> !jar.startsWith("wslproxy-"))
                        .toList());
        assertThat(lines).allSatisfy(line -> assertThat(notices).contains("\r\n\r\n\r\n" + line.group(2) + "\r\n---"));
    }

    @Test
    void windowsFindsItsLineEndsAndShItsOwn() throws Exception {
        files().forEach((name, bytes) -> {
            String text = new String(bytes, ISO_8859_1);
            if (name.equals("wslproxy")) {
                assertThat(text).as(name).doesNotContain("\r");
            } else if (!name.startsWith("lib/")) {
                assertThat(text.replace("\r\n", ""))
                        .as(name)
                        .doesNotContain("\n")
                        .doesNotContain("\r");
            }
        });
    }

    /** Neither when it was built nor the umask of who did it; the same for what is in its own jar. */
    @Test
    void doesNotTellOnItsBuild() throws Exception {
        Path program = unpack("program");

        for (Path archive : List.of(zip, program.resolve("lib/wslproxy-" + version + ".jar"))) {
            try (ZipFile file = new ZipFile(archive.toFile())) {
                Set<LocalDateTime> times =
                        file.stream().map(ZipEntry::getTimeLocal).collect(Collectors.toSet());
                assertThat(times).as("%s", archive).hasSize(1);
            }
            modes(archive).forEach((name, mode) -> assertThat(PosixFilePermissions.toString(mode))
                    .as("%s in %s", name, archive)
                    .isEqualTo(name.endsWith("/") || name.endsWith("/wslproxy") ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }

    @Test
    void runsWhereItIsUnpacked() throws Exception {
        Path program = unpack("J\u00f6rg M\u00fcller (a) & c");
        String launcher = program.resolve("wslproxy").toString();
        String config = program.resolve("conf/proxy.toml").toString();
        Files.writeString(
                Path.of(config), Files.readString(Path.of(config)).replace("\r\n#address =", "\r\naddress ="));

        assertThat(Shell.run(launcher, "--version").orFail().out()).startsWith("wslproxy " + version + ", Java ");
        assertThat(Shell.run(launcher, "check", "--config", config).orFail().out())
                .contains("WSL: always at 172.30.98.229")
                .endsWith(config + " is valid.\n");
        assertThat(Shell.run(launcher, "check", "--config", config + "x").status())
                .isEqualTo(2);
    }

    private static String version() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = ZipIT.class.getResourceAsStream("/io/github/wslproxy/app/version.properties")) {
            properties.load(in);
        }
        return properties.getProperty("version");
    }

    /** What is below the top folder, and fails if there is anything beside that. */
    private Map<String, byte[]> files() throws IOException {
        String top = "wslproxy-" + version + "/";
        Map<String, byte[]> files = new HashMap<>();
        try (ZipFile file = new ZipFile(zip.toFile())) {
            for (ZipEntry entry : file.stream().toList()) {
                assertThat(entry.getName()).startsWith(top);
                if (!entry.isDirectory()) {
                    try (InputStream in = file.getInputStream(entry)) {
                        files.put(entry.getName().substring(top.length()), in.readAllBytes());
                    }
                }
            }
        }
        return files;
    }

    private List<String> libraries() throws IOException {
        return files().keySet().stream()
                .filter(name -> name.startsWith("lib/"))
                .map(name -> name.substring("lib/".length()))
                .toList();
    }

    /** Unpacks it with its modes, as unzip does. */
    private Path unpack(String name) throws IOException {
        Path target;
        try {
            target = Files.createDirectory(folder.resolve(name));
        } catch (InvalidPathException e) {
            return abort("this JVM cannot name the folder: run it under a UTF-8 locale");
        }
        try (FileSystem in = open(zip);
                Stream<Path> paths = Files.walk(in.getPath("/wslproxy-" + version))) {
            for (Path path : paths.toList()) {
                Path copy = target.resolve(path.toString().substring(1));
                Files.copy(path, copy);
                Files.setPosixFilePermissions(copy, Files.getPosixFilePermissions(path));
            }
        }
        return target.resolve("wslproxy-" + version);
    }

    private static Map<String, Set<PosixFilePermission>> modes(Path archive) throws IOException {
        Map<String, Set<PosixFilePermission>> modes = new HashMap<>();
        try (FileSystem in = open(archive);
                Stream<Path> paths = Files.walk(in.getPath("/"))) {
            for (Path path : paths.filter(any -> any.getNameCount() > 0).toList()) {
                modes.put(path + (Files.isDirectory(path) ? "/" : ""), Files.getPosixFilePermissions(path));
            }
        }
        return modes;
    }

    private static FileSystem open(Path archive) throws IOException {
        return FileSystems.newFileSystem(archive, Map.of("enablePosixFileAttributes", true));
    }
}
