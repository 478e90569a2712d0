package io.github.wslproxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.Await;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Windows computer, which Wine plays, with the WSL VM on one side and a LAN with another computer on the other, each
 * a network namespace. One for all tests, since booting it takes seconds.
 */
final class WineNetwork implements AutoCloseable {
    static final String VM_ADDRESS = "172.30.98.229";
    static final String LAN_ADDRESS = "192.168.77.10";
    static final String LAN_ADDRESS_6 = "fd77:0:0:1::10";

    static final String CLASSES = "C:\\classes";

    private final Host host;
    private final Host vm;
    private final Host lan;
    private final Wine windows;
    private final FakeWsl wsl;
    private final String program;
    private @Nullable WineCommands commands;

    private WineNetwork(Host host, Host vm, Host lan, Wine windows) throws IOException {
        this.host = host;
        this.vm = vm;
        this.lan = lan;
        this.windows = windows;
        this.wsl = new FakeWsl(windows);
        this.program = unpack(windows);
    }

    static WineNetwork boot() throws Exception {
        Host host = Host.boot("wine");
        Host vm = Host.boot("wine-vm");
        Host lan = Host.boot("wine-lan");
        host.connect("vEthernet(WSL)", vm, "eth0");
        host.connect("Ethernet", lan, "eth0");
        host.address("vEthernet(WSL)", "172.30.96.1/20");
        host.address("Ethernet", LAN_ADDRESS + "/24");
        host.address("Ethernet", LAN_ADDRESS_6 + "/64");
        lan.address("eth0", "192.168.77.50/24");
        lan.address("eth0", "fd77:0:0:1::50/64");
        vm.bridge("docker0", "172.17.0.1/16");
        WineNetwork network = new WineNetwork(host, vm, lan, Wine.boot(host));
        network.wsl.install(); // a test that was killed may have taken it away
        return network;
    }

    /** The VM has no address before a test gives it one. */
    Host vm() {
        return vm;
    }

    /** At {@link #VM_ADDRESS}, with a web server on port 8000, which answers when this returns. */
    void startVm(Path folder) throws Exception {
        vm.noAddress("eth0");
        vm.address("eth0", VM_ADDRESS + "/20");
        vm.start(folder.resolve("web.log"), "python3", "-m", "http.server", "8000");
        Await.until(() -> vm.run("curl", "-s", "-o", "/dev/null", "http://" + VM_ADDRESS + ":8000/")
                        .status()
                == 0);
    }

    Host lan() {
        return lan;
    }

    Wine windows() {
        return windows;
    }

    FakeWsl wsl() {
        return wsl;
    }

    /** The folder into which the zip was unpacked: {@code C:\...}. */
    String program() {
        return program;
    }

    /** The command line of its {@code wslproxy.cmd}; variables may stand before the arguments, as for {@code env}. */
    List<String> launcher(String... arguments) {
        Stream<String> variables = Stream.of(arguments).takeWhile(Wine::isVariable);
        Stream<String> rest = Stream.of(arguments).dropWhile(Wine::isVariable);
        return windows.command(Stream.of(
                        Stream.of("WSLPROXY_JAVA=" + windows.java()),
                        variables,
                        Stream.of(program + "\\wslproxy.cmd"),
                        rest)
                .flatMap(part -> part)
                .toArray(String[]::new));
    }

    /** Runs commands faster, without the launcher: in one JVM that starts when it is asked for. */
    WineCommands commands() throws IOException {
        WineCommands running = commands;
        if (running == null) {
            running = new WineCommands(this);
            commands = running;
        }
        return running;
    }

    /** The command line that runs a class of the tests on the Windows JVM, with the program's libraries and options. */
    List<String> java(Class<?> main, String... arguments) throws IOException {
        copyClass(main);
        Stream<String> java = Stream.of(
                windows.java(),
                "@" + program + "\\jvm.options",
                "-cp",
                program + "\\lib\\*;" + CLASSES,
                main.getName());
        return windows.command(Stream.concat(java, Stream.of(arguments)).toArray(String[]::new));
    }

    /** That class alone: beside it lies the logging configuration of the tests. */
    private void copyClass(Class<?> main) throws IOException {
        String name = main.getName().replace('.', '/') + ".class";
        Path copy = windows.file(CLASSES).resolve(name);
        Files.createDirectories(copy.getParent());
        try (InputStream code = main.getResourceAsStream("/" + name)) {
            Files.copy(code, copy, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Runs a command of the program to its end. */
    Shell.Result run(String... arguments) throws IOException, InterruptedException {
        return Wine.run(launcher(arguments));
    }

    private static String unpack(Wine windows) throws IOException {
        String home = "C:\\Program Files (x86)\\J\u00f6rg M\u00fcller & Co";
        Path folder = windows.file(home);
        if (Files.exists(folder)) {
            try (Stream<Path> earlier = Files.walk(folder)) {
                earlier.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            }
        }
        try (DirectoryStream<Path> zips = Files.newDirectoryStream(Path.of("target"), "wslproxy-*[!s].zip");
                FileSystem zip = FileSystems.newFileSystem(zips.iterator().next());
                Stream<Path> files = Files.walk(zip.getPath("/"))) {
            for (Path file : files.toList()) {
                Path copy = folder.resolve(file.toString().substring(1));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
        try (Stream<Path> top = Files.list(folder)) {
            return home + "\\" + top.findFirst().orElseThrow().getFileName();
        }
    }

    /** Neither a process of the program nor a socket. */
    void assertNothingIsLeft() throws Exception {
        if (commands != null) {
            commands.close();
            commands = null;
        }
        Await.until(() -> windows.processes("wsl").isEmpty());
        assertThat(host.run("ss", "-Htuln").orFail().out()).isEmpty();
    }

    @Override
    public void close() {
        try {
            if (commands != null) {
                commands.close();
            }
            windows.shutDown();
            for (Host each : new Host[] {host, vm, lan}) {
                each.remove();
            }
        } catch (Exception e) {
            throw new IllegalStateException("something of the pretend network is left", e);
        }
    }
}
