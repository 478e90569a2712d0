package io.github.wslproxy.app;

import static io.github.wslproxy.testing.Loopback.freePort;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.relay.RefusalCode;
import io.github.wslproxy.relay.tcp.TcpRelay;
import io.github.wslproxy.status.Snapshot.ForwardView;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.RecordedLog;
import io.github.wslproxy.testing.TcpPeer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Servers on localhost of a VM, over real sockets: 127.0.0.77 is the VM, or another address where nobody is; 127.0.0.9 an address of the LAN, and whoever
 * listens on 127.0.0.1 or ::1 is the relay of WSL, if it is not wslproxy itself.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs loopback addresses for a pretend VM and LAN")
class LocalhostServersTest extends RunningProxyFixture {
    private static final String VM = "127.0.0.77";
    private static final String ELSEWHERE = "192.0.2.77";
    private static final String LAN = "127.0.0.9";
    private static final int AT_ONCE = 200;

    private String vm = VM;
    private String status = "off";
    private final StringBuilder forwards = new StringBuilder();
    private final RecordedLog log = new RecordedLog(TcpRelay.class);

    @Override
    @AfterEach
    void nothingIsLeftRunning() throws Exception {
        super.nothingIsLeftRunning();
        log.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void aServerOnLocalhostIsReachedAndThatIsSaidOnce(String localhost) throws Exception {
        int port = freePort();
        server(localhost, port, "hello");
        forward("web", LAN + ":" + port, port);
        start("localhost = true");

        for (int i = 0; i < 3; i++) {
            assertThat(greeting(LAN, port)).isEqualTo("hello");
        }

        assertThat(view("web").accepted()).isEqualTo(3);
        assertThat(view("web").isThroughLocalhost()).isTrue();
        assertThat(view("web").refused()).isZero();
        assertThat(log.lines().stream().filter(line -> line.contains("goes through WSL's localhost relay")))
                .singleElement()
                .asString()
                .contains("[web] goes through WSL's localhost relay at ")
                .contains(":" + port);
    }

    @Test
    void switchedOffItIsNotTried() throws Exception {
        int port = freePort();
        server("127.0.0.1", port, "hello");
        forward("web", LAN + ":" + port, port);
        start("localhost = false");

        assertThat(greeting(LAN, port)).isEqualTo("refused");
        assertThat(problem("web")).contains("cannot connect to " + VM + ":" + port + ": Connection refused");
        assertThat(problem("web")).doesNotContain("127.0.0.1:" + port);
    }

    @Test
    void onAnotherListenPortEachWildcardWorks() throws Exception {
        int port = freePort();
        int listen = freePort();
        server("127.0.0.1", port, "hello");
        forward("web", "[::]:" + listen, port);
        start("localhost = true");

        assertThat(greeting(LAN, listen)).isEqualTo("hello");
        assertThat(greeting("::1", listen)).isEqualTo("hello");
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0, 192.0.2.77", "[::], 192.0.2.77", "127.0.0.1, 127.0.0.77", "[::1], 127.0.0.77"})
    void aConnectThatComesBackIsNobody(String listen, String vmAddress) throws Exception {
        int port = freePort();
        vm = vmAddress;
        forward("web", listen + ":" + port, port);
        start("localhost = true");
        String to = listen.equals("[::]") || listen.equals("0.0.0.0") ? LAN : listen.replaceAll("[\\[\\]]", "");

        assertThat(greetings(to, port, AT_ONCE)).containsOnly("refused");

        ForwardView view = view("web");
        assertThat(view.via()).isEqualTo("address");
        assertThat(view.refused()).isEqualTo(AT_ONCE);
        assertThat(view.accepted()).isZero();
        assertThat(problem("web"))
                .as("whoever does not answer may be there")
                .contains(
                        vm.equals(VM)
                                ? "nobody listens on port " + port + " inside WSL"
                                : "cannot connect to " + vm + ":" + port + ": ")
                .contains(": wslproxy itself listens there");
        assertThat(view.lastProblem().orElseThrow().code()).contains(RefusalCode.CONNECT_FAILED);
        assertNoStorm(view);
    }

    @Test
    void whereOnlyTheLanIsListenedOnNobodyThereIsNoLoop() throws Exception {
        int port = freePort();
        forward("web", LAN + ":" + port, port);
        start("localhost = true");

        assertThat(greetings(LAN, port, AT_ONCE)).containsOnly("refused");

        assertThat(view("web").refused()).isEqualTo(AT_ONCE);
        assertThat(problem("web"))
                .contains("cannot connect to " + VM + ":" + port + ": Connection refused; nor to 127.0.0.1:" + port);
    }

    @Test
    void twoForwardsThatCrossAreNobody() throws Exception {
        int one = freePort();
        int other = freePort();
        vm = ELSEWHERE;
        forward("one", "0.0.0.0:" + one, other);
        forward("other", "[::]:" + other, one);
        start("localhost = true");

        assertThat(greetings(LAN, one, AT_ONCE)).containsOnly("refused");
        assertThat(greetings(LAN, other, AT_ONCE)).containsOnly("refused");

        for (String name : new String[] {"one", "other"}) {
            assertThat(view(name).refused()).as(name).isEqualTo(AT_ONCE);
            assertThat(view(name).accepted()).as(name).isZero();
            assertThat(problem(name))
                    .contains("cannot connect to " + ELSEWHERE)
                    .contains(": wslproxy itself listens there");
            assertNoStorm(view(name));
        }
    }

    @Test
    void serversThatChangePlacesLoseNobodyForLong() throws Exception {
        int port = freePort();
        forward("web", LAN + ":" + port, port);
        start("localhost = true");

        for (String place : new String[] {"127.0.0.1", VM, "::1", "127.0.0.1", VM}) {
            TcpPeer server = server(place, port, "at " + place);
            Await.until(() -> greeting(LAN, port).equals("at " + place));
            assertThat(greetings(LAN, port, 20)).containsOnly("at " + place);
            assertThat(view("web").isThroughLocalhost()).isEqualTo(!place.equals(VM));
            server.close();
            Await.until(() -> greeting(LAN, port).equals("refused"));
        }
    }

    @Test
    void anEditSwitchesItOnAndOff() throws Exception {
        int port = freePort();
        server("127.0.0.1", port, "hello");
        forward("web", LAN + ":" + port, port);
        start("localhost = false");
        assertThat(greeting(LAN, port)).isEqualTo("refused");

        proxy().forwards().change(ConfigFile.read(config("localhost = true")));
        assertThat(greeting(LAN, port)).isEqualTo("hello");

        proxy().forwards().change(ConfigFile.read(config("localhost = false")));
        assertThat(greeting(LAN, port)).isEqualTo("refused");
    }

    @Test
    void theStatusAddressIsNoServerOfTheVm() throws Exception {
        int port = freePort();
        int next = freePort();
        forward("web", LAN + ":" + port, port);
        forward("next", LAN + ":" + next, next);
        status = "127.0.0.1:" + port;
        start("localhost = true");

        assertThat(greeting(LAN, port)).isEqualTo("refused");
        assertThat(problem("web")).doesNotContain("127.0.0.1:" + port);

        status = "127.0.0.1:" + next;
        proxy().forwards().change(ConfigFile.read(config("localhost = true")));
        assertThat(greeting(LAN, next)).isEqualTo("refused");
        assertThat(problem("next")).doesNotContain("127.0.0.1:" + next);
        server("127.0.0.1", port, "hello");
        assertThat(greeting(LAN, port)).isEqualTo("hello");
    }

    private void assertNoStorm(ForwardView before) throws Exception {
        Thread.sleep(300);
        ForwardView after = view(before.name());
        assertThat(after.refused()).isEqualTo(before.refused());
        assertThat(after.accepted()).isZero();
        assertThat(after.open()).isZero();
    }

    private void start(String localhost) throws Exception {
        made = new WslProxy(ConfigFile.read(config(localhost)));
        made.start();
    }

    private Path config(String localhost) throws IOException {
        return Files.writeString(
                folder.resolve("proxy.toml"),
                "[wsl]\naddress = '" + vm + "'\n" + localhost
                        + "\n[defaults]\nconnect_timeout = '900ms'\n[status]\nlisten = '" + status + "'\n" + forwards);
    }

    private void forward(String name, String listen, int target) {
        forwards.append("[[forward]]\nname = '%s'\nlisten = '%s'\ntarget = 'wsl:%d'\n".formatted(name, listen, target));
    }

    private TcpPeer server(String address, int port, String greeting) throws IOException {
        TcpPeer server = TcpPeer.atPort(address, port, socket -> {
            socket.getOutputStream().write(greeting.getBytes(UTF_8));
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        });
        use(server);
        return server;
    }

    private static List<String> greetings(String address, int port, int clients) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            List<Future<String>> said = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                said.add(threads.submit(() -> greeting(address, port)));
            }
            List<String> all = new ArrayList<>();
            for (Future<String> one : said) {
                all.add(one.get(30, TimeUnit.SECONDS));
            }
            return all;
        } finally {
            threads.shutdownNow();
        }
    }

    private static String greeting(String address, int port) throws IOException {
        try (Socket client = new Socket()) {
            client.connect(new InetSocketAddress(address, port), 10_000);
            client.setSoTimeout(20_000);
            String said = new String(client.getInputStream().readAllBytes(), UTF_8);
            return said.isEmpty() ? "a clean end" : said;
        } catch (SocketException reset) {
            return "refused";
        }
    }

    private String problem(String name) {
        return view(name).lastError();
    }
}
