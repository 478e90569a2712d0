package io.github.wslproxy.cli;

import io.github.wslproxy.computer.OperatingSystem;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;

/**
 * Runs the program once, on loopback and for a client of its own, and ends it: what Java has loaded by then is what a start
 * and the first clients need. See {@link io.github.wslproxy.archive.ClassArchive}.
 */
@Command(
        name = RehearseCommand.NAME,
        hidden = true,
        description = "Starts, serves one client of its own, and ends; the archive of classes is made of it.")
final class RehearseCommand extends SubCommand {
    static final String NAME = "rehearse";

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int WAIT_MILLIS = 2000;
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @Override
    public Integer call() throws Exception {
        Path folder = Files.createTempDirectory("wslproxy-rehearsal");
        Path config = folder.resolve("proxy.toml");
        try (ServerSocket tcp = new ServerSocket(0, 1, LOOPBACK);
                DatagramSocket udp = new DatagramSocket(0, LOOPBACK)) {
            int listen = freePort();
            int status = freePort();
            Files.writeString(config, config(listen, tcp.getLocalPort(), udp.getLocalPort(), status));
            Thread program = Thread.currentThread();
            daemon("rehearsal-tcp", () -> answer(tcp));
            daemon("rehearsal-udp", () -> answer(udp));
            daemon("rehearsal-client", () -> {
                try {
                    visit(listen, status);
                } finally {
                    program.interrupt();
                }
            });
            return WslProxyCommand.run("--config", config.toString());
        } finally {
            Files.deleteIfExists(config);
            Files.deleteIfExists(folder);
        }
    }

    private static String config(int listen, int tcp, int udp, int status) {
        // On Windows its own way to ask is what a start needs, whether WSL is there or not.
        String command = OperatingSystem.isWindows() ? "" : "command = ['echo', '127.0.0.1']\n";
        return "[wsl]\n" + command + "[status]\nlisten = '127.0.0.1:" + status + "'\n"
                + forward("tcp", listen, "127.0.0.1:" + tcp)
                + forward("udp", listen, "127.0.0.1:" + udp)
                + forward("tcp", listen + 1, "wsl:" + tcp);
    }

    private static String forward(String protocol, int listen, String target) {
        return "[[forward]]\nprotocol = '" + protocol + "'\nlisten = '127.0.0.1:" + listen + "'\ntarget = '" + target
                + "'\n";
    }

    private static void visit(int listen, int status) throws IOException, InterruptedException {
        try (Socket client = connect(listen)) {
            client.getOutputStream().write(1);
            client.getInputStream().read();
        }
        try (DatagramSocket client = new DatagramSocket()) {
            client.setSoTimeout(WAIT_MILLIS);
            client.send(new DatagramPacket(new byte[1], 1, new InetSocketAddress(LOOPBACK, listen)));
            client.receive(new DatagramPacket(new byte[1], 1));
        }
        try (var page = URI.create("http://127.0.0.1:" + status + "/status.json")
                .toURL()
                .openStream()) {
            page.readAllBytes();
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

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, LOOPBACK)) {
            return any.getLocalPort();
        }
    }
}
