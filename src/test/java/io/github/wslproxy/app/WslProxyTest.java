package io.github.wslproxy.app;

import static io.github.wslproxy.testing.Loopback.freePortOfBoth;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.status.Snapshot.ForwardState;
import io.github.wslproxy.status.Snapshot.ForwardView;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.TcpPeer;
import io.github.wslproxy.testing.UdpPeer;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is forwarded where, while the VM comes, moves and goes. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = WslProxyFixture.NEEDS_LINUX)
class WslProxyTest extends WslProxyFixture {
    @Test
    void tcpAndUdpAreForwardedToWhereTheCommandSays() throws Exception {
        TcpPeer web = vm(FIRST, "first");
        use(UdpPeer.echo(new InetSocketAddress(FIRST, web.port()), "first "));
        int port = forward("both", "tcp+udp", web.port());
        vmPrints(FIRST);

        start();

        assertThat(greeting(port)).isEqualTo("first");
        assertThat(udp(port).askUntilAnswered("ping")).isEqualTo("first ping");
        assertThat(proxy().snapshot().target().state()).isEqualTo("up");
        ForwardView view = view("both");
        assertThat(view.state()).isEqualTo(ForwardState.LISTENING);
        assertThat(view.resolved()).isEqualTo(FIRST + ":" + web.port());
        assertThat(view.accepted()).isEqualTo(2);
    }

    @Test
    void newLinksAndOldSessionsFollowTheVm() throws Exception {
        TcpPeer first = vm(FIRST, "first");
        use(TcpPeer.atPort(SECOND, first.port(), socket -> say(socket, "second")));
        use(UdpPeer.echo(new InetSocketAddress(FIRST, first.port()), "first "));
        use(UdpPeer.echo(new InetSocketAddress(SECOND, first.port()), "second "));
        int port = forward("both", "tcp+udp", first.port());
        vmPrints(FIRST);
        start();
        UdpPeer game = udp(port);
        assertThat(greeting(port)).isEqualTo("first");
        assertThat(game.askUntilAnswered("ping")).isEqualTo("first ping");

        vmPrints(SECOND);

        Await.until(() -> "second".equals(greeting(port)));
        Await.until(() -> "second ping".equals(game.askUntilAnswered("ping")));
    }

    @Test
    void whileTheVmIsDownClientsAreRefusedAndAfterwardsTheyAreNot() throws Exception {
        TcpPeer web = vm(FIRST, "first");
        int port = forward("web", "tcp", web.port());
        start();
        assertThat(proxy().snapshot().target().state()).isEqualTo("down");
        assertThat(greeting(port)).isEqualTo("refused");
        assertThat(view("web").state()).isEqualTo(ForwardState.LISTENING);
        assertThat(view("web").refused()).isEqualTo(1);
        assertThat(view("web").lastProblem()).isNotEmpty();

        vmPrints(FIRST);
        Await.until(() -> "first".equals(greeting(port)));

        vmPrints(" \n\n");
        Await.until(() -> "refused".equals(greeting(port)));
        assertThat(proxy().snapshot().target().state()).isEqualTo("down");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hold", "wake"})
    void whereTheSettingsSaySoClientsWaitForTheVm(String setting) throws Exception {
        onStopped = setting;
        TcpPeer web = vm(FIRST, "first");
        use(UdpPeer.echo(new InetSocketAddress(FIRST, web.port()), "first "));
        int port = forward("both", "tcp+udp", web.port());
        start();
        CompletableFuture<String> waiting = CompletableFuture.supplyAsync(() -> greetingOrFailure(port));
        UdpPeer game = udp(port);
        game.send("ping");
        Await.until(() -> view("both").open() == 2);

        vmPrints(FIRST);

        assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo("first");
        assertThat(game.receive().text()).isEqualTo("first ping");
        assertThat(view("both").refused()).isZero();
    }

    @Test
    void aCommandThatFailsKeepsTheLastGoodAddress() throws Exception {
        int port = startWithServer();

        Files.delete(addressFile());
        Await.until(() -> proxy().snapshot().target().reason().contains("failed"));

        assertThat(proxy().snapshot().target().state()).isEqualTo("up");
        assertThat(greeting(port)).isEqualTo("first");
    }

    @Test
    void aProbeThatHangsLaterKeepsTheLastGoodAddressAndLeavesNoProcess() throws Exception {
        TcpPeer web = vm(FIRST, "first");
        int port = forward("web", "tcp", web.port());
        vmPrints(FIRST);
        Path hang = folder.resolve("hang");
        String unmistakable = Long.toString(2_000_000 + ProcessHandle.current().pid());
        command = "['sh', '-c', 'if [ -e %1$s ]; then sleep %2$s & sleep %2$s; fi; cat %3$s']"
                .formatted(hang, unmistakable, addressFile());
        timeout = "300ms";
        start();

        Files.createFile(hang);
        Await.until(() -> sleeping(unmistakable) > 0);
        for (int i = 0; i < 20; i++) {
            assertThat(greeting(port)).isEqualTo("first");
            assertThat(sleeping(unmistakable)).isLessThanOrEqualTo(2);
            Thread.sleep(50);
        }
        Files.delete(hang);

        Await.until(() -> sleeping(unmistakable) == 0);
        assertThat(greeting(port)).isEqualTo("first");
    }

    @Test
    void garbageKeepsTheLastGoodAddress() throws Exception {
        int port = startWithServer();

        vmPrints("There is no distribution with the supplied name.");
        Await.until(() -> proxy().snapshot().target().reason().contains("failed"));

        assertThat(greeting(port)).isEqualTo("first");
    }

    @Test
    void theStatusAddressAnswers() throws Exception {
        forward("web", "tcp", 8000);
        status = "127.0.0.1:" + freePortOfBoth();
        start();

        assertThat(proxy().statusUrl()).contains("http://" + status + "/");
        assertThat(get("http://" + status + "/api/status")).contains("\"name\": \"web\"");
    }

    @Test
    void aStatusAddressThatIsTakenHindersNoForward() throws Exception {
        TcpPeer web = vm(FIRST, "first");
        int port = forward("web", "tcp", web.port());
        vmPrints(FIRST);
        ServerSocket taken = use(new ServerSocket(0, 1, LOOPBACK));
        status = "127.0.0.1:" + taken.getLocalPort();

        start();

        assertThat(proxy().statusUrl()).isEmpty();
        assertThat(greeting(port)).isEqualTo("first");
    }

    @Test
    void aTargetByNameOrAddressNeedsNoWsl() throws Exception {
        TcpPeer web = use(TcpPeer.playing(socket -> say(socket, "here")));
        int byName = freePortOfBoth();
        int byAddress = freePortOfBoth();
        forwards.append(table("name", "tcp", "127.0.0.1:" + byName, "localhost:" + web.port()));
        forwards.append(table("address", "tcp", "127.0.0.1:" + byAddress, "127.0.0.1:" + web.port()));
        command = "['false']";

        start();

        assertThat(greeting(byName)).isEqualTo("here");
        assertThat(greeting(byAddress)).isEqualTo("here");
        assertThat(proxy().snapshot().target().state()).isEqualTo("unknown");
    }

    /** Asks all processes, since an orphan is nobody's child. */
    private static long sleeping(String seconds) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").endsWith("sleep " + seconds))
                .count();
    }

    private static String get(String url) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }
}
