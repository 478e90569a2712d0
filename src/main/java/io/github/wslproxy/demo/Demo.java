package io.github.wslproxy.demo;

import io.github.wslproxy.app.LanAddresses;
import io.github.wslproxy.app.StartException;
import io.github.wslproxy.app.WslProxy;
import io.github.wslproxy.os.OperatingSystem;
import io.github.wslproxy.config.ConfigException;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.wsl.WslProbes;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs the pretend VM, the forwarder and the clients, and moves the VM every few seconds. */
public final class Demo {
    private static final Duration INTERVAL = Duration.ofMillis(500);
    private static final Duration UP = Duration.ofMillis(3200);
    private static final Duration DOWN = Duration.ofMillis(800);

    /** Two intervals, and as much again for the clients' own pauses and a busy computer. */
    private static final Duration MUST_FOLLOW = INTERVAL.multipliedBy(4);

    private static final String NEXT_ADDRESS = "address.next";
    private static final Duration REDRAW = Duration.ofMillis(200);

    /** The shortest demo in which the VM moves once. */
    public static final Duration SHORTEST = UP.plus(DOWN).plus(UP);

    private final DemoView view;
    private final List<InetAddress> places;
    private final FakeVm.Ports vmPorts;
    private final List<Watched> clients = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();
    private long began = System.nanoTime();
    private int lives;

    /**
     * Starts nothing yet.
     *
     * @throws IOException if this computer lets nothing listen on its loopback addresses
     */
    public Demo(DemoView view) throws IOException {
        this.view = view;
        System.setProperty(WslProbes.VM_ON_LOOPBACK, "true");
        places = Places.find();
        vmPorts = FakeVm.Ports.free(places.get(0));
    }

    /**
     * Runs until {@code limit} has passed, for ever if it is empty, or until interrupted.
     *
     * @param limit at least {@link #SHORTEST}
     *
     * @return whether every check held
     */
    public boolean run(Optional<Duration> limit) throws IOException, ConfigException, StartException {
        Path folder = Files.createTempDirectory("wslproxy-demo");
        Path addressFile = folder.resolve("address");
        Path config = folder.resolve("proxy.toml");
        try (DatagramSocket udpSocket = new DatagramSocket()) {
            Ports listen = Ports.free();
            Files.writeString(addressFile, "");
            Files.writeString(config, configuration(addressFile, listen));
            clients.add(new Watched("web", listen.web(), DemoClient.web(listen.web())));
            clients.add(new Watched("echo", listen.tcp(), DemoClient.tcp(listen.tcp())));
            clients.add(new Watched("game", listen.udp(), DemoClient.udp(udpSocket, listen.udp())));
            live(config, addressFile, limit);
        } finally {
            Files.deleteIfExists(addressFile.resolveSibling(NEXT_ADDRESS));
            Files.deleteIfExists(config);
            Files.deleteIfExists(addressFile);
            Files.deleteIfExists(folder);
        }
        view.end(Math.max(0, lives - 1), broken);
        return broken.isEmpty();
    }

    private void live(Path config, Path addressFile, Optional<Duration> limit)
            throws IOException, ConfigException, StartException {
        WslProxy proxy = new WslProxy(ConfigFile.read(config));
        try {
            proxy.start();
            view.begin(clients, LanAddresses.find());
            clients.forEach(Watched::start);
            began = System.nanoTime();
            moveAround(addressFile, limit);
        } catch (InterruptedException ended) {
            view.event(elapsed(), "ended by hand");
        } finally {
            stop(proxy);
        }
    }

    private void moveAround(Path addressFile, Optional<Duration> limit) throws IOException, InterruptedException {
        int place = 0;
        while (hasTimeFor(UP, limit)) {
            InetAddress address = places.get(place++ % places.size());
            try (FakeVm vm = FakeVm.boot(address, vmPorts)) {
                clients.forEach(client -> client.expect(vm.address().getHostAddress()));
                say(addressFile, vm.address().getHostAddress());
                show(UP, vm.address().getHostAddress());
                judge(vm.address().getHostAddress());
            }
            say(addressFile, "");
            clients.forEach(Watched::expectNobody);
            show(DOWN, "restarting");
        }
    }

    private boolean hasTimeFor(Duration life, Optional<Duration> limit) {
        return limit.isEmpty() || elapsed().plus(life).compareTo(limit.get()) <= 0;
    }

    /** What the command of the configuration prints; replaced in one step, so that it never prints half an address. */
    private static void say(Path addressFile, String address) throws IOException {
        Path next = addressFile.resolveSibling(NEXT_ADDRESS);
        Files.writeString(next, address);
        Files.move(next, addressFile, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private void show(Duration how, String where) throws InterruptedException {
        long end = System.nanoTime() + how.toNanos();
        while (System.nanoTime() < end) {
            view.now(elapsed(), where, clients);
            Thread.sleep(REDRAW.toMillis());
        }
    }

    private void judge(String address) {
        StringBuilder line = new StringBuilder("the VM is at " + address + ", reached after");
        for (Watched client : clients) {
            Optional<Duration> after = client.followedAfter();
            line.append(' ')
                    .append(client.name())
                    .append(' ')
                    .append(after.map(DemoView::seconds).orElse("never"));
            if (after.isEmpty() || after.get().compareTo(MUST_FOLLOW) > 0) {
                broken.add(
                        client.name() + " did not follow to " + address + " within " + DemoView.seconds(MUST_FOLLOW));
            }
        }
        lives++;
        view.event(elapsed(), line.toString());
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private static void stop(WslProxy proxy) {
        try {
            proxy.stop(Duration.ZERO);
        } catch (InterruptedException again) {
            Thread.currentThread().interrupt();
        }
    }

    private String configuration(Path addressFile, Ports listen) {
        String command = OperatingSystem.isWindows()
                ? "['cmd.exe', '/c', 'type', '" + addressFile + "']"
                : "['cat', '" + addressFile + "']";
        return """
                [wsl]
                command  = %s
                interval = "%dms"

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
                        listen.web(),
                        vmPorts.web(),
                        listen.tcp(),
                        vmPorts.tcp(),
                        listen.udp(),
                        vmPorts.udp());
    }

    /** Where the forwarder listens. */
    private record Ports(int web, int tcp, int udp) {
        static Ports free() throws IOException {
            try (ServerSocket web = new ServerSocket(0);
                    ServerSocket tcp = new ServerSocket(0);
                    DatagramSocket udp = new DatagramSocket(0)) {
                return new Ports(web.getLocalPort(), tcp.getLocalPort(), udp.getLocalPort());
            }
        }
    }
}
