package io.github.wslproxy.app;

import static io.github.wslproxy.testing.Loopback.freePortOfBoth;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.LoopbackVm;
import io.github.wslproxy.testing.TcpPeer;
import io.github.wslproxy.testing.UdpPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** A proxy of a real configuration, with real sockets and a real command that says where the pretend VM is. */
@ExtendWith(LoopbackVm.class)
@Tag("slow")
abstract class WslProxyFixture extends RunningProxyFixture {
    static final String NEEDS_LINUX = "needs cat and sleep, and loopback addresses for a pretend VM";

    static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    static final String FIRST = "127.0.0.2";
    static final String SECOND = "127.0.0.3";

    /** A reader of a pipe that nobody writes to, as other tests have it, cannot be ended. */
    private final Set<Thread> threadsBefore = Thread.getAllStackTraces().keySet();

    final StringBuilder forwards = new StringBuilder();
    String command = "";
    String timeout = "30s";
    String status = "off";
    String onStopped = "refuse";
    String limits = "";

    @BeforeEach
    void theVmIsStopped() throws Exception {
        vmPrints("");
        command = "['cat', '" + addressFile() + "']";
    }

    @Override
    @AfterEach
    void nothingIsLeftRunning() throws Exception {
        super.nothingIsLeftRunning();
        Await.until(() -> ownThreads().isEmpty());
    }

    static String greetingOrFailure(int port) {
        try {
            return greeting(port);
        } catch (IOException e) {
            return e.toString();
        }
    }

    void start() throws Exception {
        made = new WslProxy(ConfigFile.read(config()));
        proxy().start();
    }

    /** Starts with a server in the VM and a forward to it, whose port is returned. */
    int startWithServer() throws Exception {
        TcpPeer web = vm(FIRST, "first");
        int port = forward("web", "tcp", web.port());
        vmPrints(FIRST);
        start();
        return port;
    }

    /** Has the proxy go on with the configuration as the fields of this class say now. */
    String edit() throws Exception {
        return proxy().forwards().change(ConfigFile.read(config()));
    }

    Path config() throws IOException {
        String text =
                "[wsl]\ncommand = " + command + "\ninterval = '100ms'\ntimeout = '" + timeout + "'\non_stopped = '"
                        + onStopped + "'\n[status]\nlisten = '" + status + "'\n[limits]\n" + limits + "\n" + forwards;
        return Files.writeString(folder.resolve("proxy.toml"), text);
    }

    /** A forward from a free port of 127.0.0.1, which is returned, to {@code target} of the VM. */
    int forward(String name, String protocol, int target) throws IOException {
        int port = freePortOfBoth();
        forward(name, protocol, "127.0.0.1:" + port, target);
        return port;
    }

    void forward(String name, String protocol, String listen, int target) {
        forwards.append(table(name, protocol, listen, "wsl:" + target));
    }

    static String table(String name, String protocol, String listen, String target) {
        return "[[forward]]\nname = '%s'\nprotocol = '%s'\nlisten = '%s'\ntarget = '%s'\n"
                .formatted(name, protocol, listen, target);
    }

    Path addressFile() {
        return folder.resolve("address");
    }

    /** In one step, so that the command never prints half an address. */
    void vmPrints(String text) throws IOException {
        Path next = Files.writeString(folder.resolve("next"), text);
        Files.move(next, addressFile(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    TcpPeer vm(String address, String greeting) throws IOException {
        return use(TcpPeer.at(address, socket -> say(socket, greeting)));
    }

    static void say(Socket socket, String greeting) throws IOException {
        socket.getOutputStream().write(greeting.getBytes(UTF_8));
        socket.shutdownOutput();
        socket.getInputStream().readAllBytes();
    }

    /** What the server says first, or {@code refused}, which is how a link ends that leads nowhere. */
    static String greeting(int port) throws IOException {
        try (Socket client = connect(port)) {
            String said = new String(client.getInputStream().readAllBytes(), UTF_8);
            return said.isEmpty() ? "refused" : said;
        } catch (SocketTimeoutException e) {
            throw new AssertionError("neither a greeting nor an end", e);
        } catch (SocketException e) {
            return "refused";
        }
    }

    static Socket connect(int port) throws IOException {
        Socket socket = new Socket(LOOPBACK, port);
        socket.setSoTimeout(10_000);
        return socket;
    }

    UdpPeer udp(int port) throws IOException {
        return use(UdpPeer.client(new InetSocketAddress(LOOPBACK, port)));
    }

    int statusPort() {
        return Integer.parseInt(status.substring(status.indexOf(':') + 1));
    }

    List<Thread> ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("wslproxy-"))
                .filter(thread -> !threadsBefore.contains(thread))
                .toList();
    }
}
