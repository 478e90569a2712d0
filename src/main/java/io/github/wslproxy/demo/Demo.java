package io.github.wslproxy.demo;

import io.github.wslproxy.app.LanAddresses;
import io.github.wslproxy.app.StartException;
import io.github.wslproxy.app.WslProxy;
import io.github.wslproxy.config.ConfigException;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.os.OperatingSystem;
import io.github.wslproxy.wsl.WslProbes;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Runs the pretend VM, wslproxy and its clients, moves the VM every few seconds, and prints a line for each move. */
public final class Demo {
    private static final Duration INTERVAL = Duration.ofMillis(500);
    private static final Duration UP = Duration.ofMillis(3200);
    private static final Duration DOWN = Duration.ofMillis(800);

    /** The shortest demo in which the VM moves once. */
    public static final Duration SHORTEST = UP.plus(DOWN).plus(UP);

    /** Two intervals, and two more for the pauses of the clients and a busy computer. */
    private static final Duration MUST_FOLLOW = INTERVAL.multipliedBy(4);

    private final PrintWriter out;
    private final List<InetAddress> places;
    private final FakeVm.Ports vmPorts;
    private final FakeVm.Ports listenPorts;
    private final List<String> broken = new ArrayList<>();
    private long began = System.nanoTime();
    private int lives;

    /**
     * Starts nothing yet.
     *
     * @throws IOException if this computer lets nothing listen on its loopback addresses
     */
    public Demo(PrintWriter out) throws IOException {
        this.out = out;
        System.setProperty(WslProbes.VM_ON_LOOPBACK, "true");
        places = FakeVm.places();
        vmPorts = FakeVm.Ports.free(places.get(0));
        listenPorts = FakeVm.Ports.free(new InetSocketAddress(0).getAddress());
    }

    /**
     * Runs until {@code limit} has passed, for ever if it is empty, or until interrupted.
     *
     * @param limit at least {@link #SHORTEST}
     * @return whether every client reached the VM in time after every move
     */
    public boolean run(Optional<Duration> limit) throws IOException, ConfigException, StartException {
        Path folder = Files.createTempDirectory("wslproxy-demo");
        Path addressFile = folder.resolve("address");
        Path config = folder.resolve("proxy.toml");
        try (DatagramSocket udpSocket = new DatagramSocket()) {
            Files.writeString(addressFile, "");
            Files.writeString(config, configuration(addressFile));
            List<DemoClient> clients = List.of(
                    DemoClient.web(listenPorts.web()),
                    DemoClient.tcp(listenPorts.tcp()),
                    DemoClient.udp(udpSocket, listenPorts.udp()));
            runProxy(config, addressFile, clients, limit);
        } finally {
            Files.deleteIfExists(next(addressFile));
            Files.deleteIfExists(config);
            Files.deleteIfExists(addressFile);
            Files.deleteIfExists(folder);
        }
        verdict(Math.max(0, lives - 1), broken).forEach(this::print);
        return broken.isEmpty();
    }

    private void runProxy(Path config, Path addressFile, List<DemoClient> clients, Optional<Duration> limit)
            throws IOException, ConfigException, StartException {
        WslProxy proxy = new WslProxy(ConfigFile.read(config));
        try {
            proxy.start();
            introduction(LanAddresses.find(), listenPorts.web()).forEach(this::print);
            clients.forEach(DemoClient::start);
            began = System.nanoTime();
            for (int life = 0; hasTimeFor(UP, limit); life++) {
                live(places.get(life % places.size()), addressFile, clients);
            }
        } catch (InterruptedException ended) {
            printEvent("ended by hand");
        } finally {
            stop(proxy);
        }
    }

    private boolean hasTimeFor(Duration life, Optional<Duration> limit) {
        return limit.isEmpty() || elapsed().plus(life).compareTo(limit.get()) <= 0;
    }

    private void live(InetAddress place, Path addressFile, List<DemoClient> clients)
            throws IOException, InterruptedException {
        try (FakeVm vm = FakeVm.boot(place, vmPorts)) {
            String address = vm.address().getHostAddress();
            clients.forEach(client -> client.expect(address));
            say(addressFile, address);
            Thread.sleep(UP.toMillis());
            judge(address, clients);
        }
        say(addressFile, "");
        Thread.sleep(DOWN.toMillis());
    }

    /** Replaces the file in one step, so that the probe never reads half an address. */
    private static void say(Path addressFile, String address) throws IOException {
        Files.writeString(next(addressFile), address);
        Files.move(next(addressFile), addressFile, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path next(Path addressFile) {
        return addressFile.resolveSibling("address.next");
    }

    private void judge(String address, List<DemoClient> clients) {
        StringBuilder line = new StringBuilder("the VM is at " + address + ", reached after");
        for (DemoClient client : clients) {
            Optional<Duration> after = client.followedAfter();
            line.append(' ').append(client.name()).append(' ');
            line.append(after.map(Demo::seconds).orElse("never"));
            if (after.isEmpty() || after.get().compareTo(MUST_FOLLOW) > 0) {
                broken.add(client.name() + " did not follow to " + address + " within " + seconds(MUST_FOLLOW));
            }
        }
        lives++;
        printEvent(line.toString());
    }

    private static void stop(WslProxy proxy) {
        try {
            proxy.stop(Duration.ZERO);
        } catch (InterruptedException again) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- what it prints

    /** @param lan the address of this computer for a phone, if it has one */
    static List<String> introduction(Optional<InetAddress> lan, int webPort) {
        String phone = lan.map(address -> "http://" + IpLiteral.text(address) + ":" + webPort + "/")
                .orElse("none: this computer has no LAN address");
        return List.of(
                "A pretend VM with a web server, a TCP echo and a UDP echo restarts every few seconds at another"
                        + " address.",
                "Three clients go through wslproxy. From a phone: " + phone,
                "Ctrl-C ends it.");
    }

    /** @param broken a line for each client that did not follow in time */
    static List<String> verdict(int moves, List<String> broken) {
        if (!broken.isEmpty()) {
            return broken.stream().map(what -> "Broken: " + what).toList();
        }
        return List.of(
                moves == 0
                        ? "Ended before the VM had moved once; nothing was checked."
                        : "Held: TCP and UDP reached the VM at its new address after every move (" + moves + ").");
    }

    private void printEvent(String what) {
        print(String.format("%7s  %s", seconds(elapsed()), what));
    }

    private void print(String line) {
        out.println(line);
        out.flush();
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toNanos() / 1e9);
    }

    private String configuration(Path addressFile) {
        String command = OperatingSystem.isWindows()
                ? "['cmd.exe', '/c', 'type', '" + addressFile + "']"
                : "['cat', '" + addressFile + "']";
        return """
                [wsl]
                command  = %s
                interval = "%dms"
                localhost = false

                [status]
                listen = "off"

                [[forward]]
                name   = "web"
                port   = %d
                target = "wsl:%d"

                [[forward]]
                name   = "echo"
                port   = %d
                target = "wsl:%d"

                [[forward]]
                name     = "game"
                protocol = "udp"
                port     = %d
                target   = "wsl:%d"
                """.formatted(
                        command,
                        INTERVAL.toMillis(),
                        listenPorts.web(),
                        vmPorts.web(),
                        listenPorts.tcp(),
                        vmPorts.tcp(),
                        listenPorts.udp(),
                        vmPorts.udp());
    }
}
