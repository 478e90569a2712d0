package io.github.wslproxy.cli;

import io.github.wslproxy.app.PrivateFiles;
import io.github.wslproxy.app.StateDirectory;
import io.github.wslproxy.os.OperatingSystem;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;

/**
 * Runs the program once, on loopback and for a client of its own, and ends it: what Java has loaded by then is what a
 * start and the first clients need. See {@link io.github.wslproxy.archive.ClassArchive}.
 */
@Command(
        name = RehearseCommand.NAME,
        hidden = true,
        description = "Starts, serves one client of its own, and ends; the archive of classes is made of it.")
final class RehearseCommand extends SubCommand {
    static final String NAME = "rehearse";

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** It is ended whatever it waits for, and before it would look after an archive itself. */
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private static final int WAIT_MILLIS = 2000;
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @Override
    public Integer call() throws Exception {
        daemon("rehearsal-limit", () -> {
            TimeUnit.NANOSECONDS.sleep(LIMIT.toNanos());
            Runtime.getRuntime().halt(ExitCode.FAILED);
        });
        StateDirectory folder = StateDirectory.ofThisUser();
        folder.check();
        Path state = folder.path();
        // Another installation of this user may rehearse at the same time.
        Path config = state.resolve("rehearsal-" + ProcessHandle.current().pid() + ".toml");
        PrivateFiles.folder(state);
        try (ServerSocket tcp = new ServerSocket(0, 1, LOOPBACK);
                DatagramSocket udp = new DatagramSocket(0, LOOPBACK)) {
            Places places = Places.free();
            PrivateFiles.replace(config, config(places, tcp.getLocalPort(), udp.getLocalPort()));
            daemon("rehearsal-tcp", () -> answer(tcp));
            daemon("rehearsal-udp", () -> answer(udp));
            return runFor(() -> visit(places), config);
        } finally {
            Files.deleteIfExists(config);
        }
    }

    /** The status tells whether the client was served, too: what was not is not in the archive. */
    private static int runFor(Work client, Path config) {
        Thread program = Thread.currentThread();
        AtomicBoolean served = new AtomicBoolean();
        daemon("rehearsal-client", () -> {
            try {
                client.run();
                served.set(true);
            } finally {
                program.interrupt();
            }
        });
        int status = WslProxyCommand.run("--config", config.toString());
        return status == ExitCode.OK && !served.get() ? ExitCode.FAILED : status;
    }

    /** Where the program listens. */
    private record Places(int first, int second, int status) {
        static Places free() throws IOException {
            try (ServerSocket first = new ServerSocket(0, 1, LOOPBACK);
                    ServerSocket second = new ServerSocket(0, 1, LOOPBACK);
                    ServerSocket status = new ServerSocket(0, 1, LOOPBACK)) {
                return new Places(first.getLocalPort(), second.getLocalPort(), status.getLocalPort());
            }
        }
    }

    private static String config(Places places, int tcp, int udp) {
        // On Windows its own way to ask is what a start needs, whether WSL is there or not.
        String command = OperatingSystem.isWindows() ? "" : "command = ['echo', '127.0.0.1']\n";
        return "[wsl]\n" + command + "[status]\nlisten = '127.0.0.1:" + places.status() + "'\n"
                + forward("tcp", places.first(), "127.0.0.1:" + tcp)
                + forward("udp", places.first(), "127.0.0.1:" + udp)
                + forward("tcp", places.second(), "wsl:" + tcp);
    }

    private static String forward(String protocol, int listen, String target) {
        return "[[forward]]\nprotocol = '" + protocol + "'\nlisten = '127.0.0.1:" + listen + "'\ntarget = '" + target
                + "'\n";
    }

    private static void visit(Places places) throws IOException, InterruptedException {
        try (Socket client = connect(places.first())) {
            client.getOutputStream().write(1);
            client.getInputStream().read();
        }
        try (DatagramSocket client = new DatagramSocket()) {
            client.setSoTimeout(WAIT_MILLIS);
            client.send(new DatagramPacket(new byte[1], 1, new InetSocketAddress(LOOPBACK, places.first())));
            client.receive(new DatagramPacket(new byte[1], 1));
        }
    }

    private static Socket connect(int port) throws IOException, InterruptedException {
        long began = System.nanoTime();
        while (true) {
            try {
                Socket client = new Socket(LOOPBACK, port);
                client.setSoTimeout(WAIT_MILLIS);
                return client;
            } catch (IOException notYet) {
                if (System.nanoTime() - began > PATIENCE.toNanos()) {
                    throw notYet;
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    private static void answer(ServerSocket server) throws IOException {
        try (Socket client = server.accept()) {
            client.getInputStream().transferTo(client.getOutputStream());
        }
    }

    private static void answer(DatagramSocket server) throws IOException {
        DatagramPacket datagram = new DatagramPacket(new byte[1], 1);
        server.receive(datagram);
        server.send(datagram);
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static void daemon(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException | InterruptedException notSeen) {
                        // What is not loaded then is loaded at each start.
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }
}
