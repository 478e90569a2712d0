package io.github.wslproxy.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.UdpPeer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // A VM is there to be connected to.
class FakeVmTest {

    @Test
    void thereAreAtLeastTwoPlacesAndAllOfThemAreUsable() throws Exception {
        List<InetAddress> places = FakeVm.places();

        assertThat(places).hasSizeGreaterThanOrEqualTo(2).allMatch(InetAddress::isLoopbackAddress);
        assertThat(new HashSet<>(places)).hasSameSizeAs(places);
        for (InetAddress place : places) {
            assertThat(FakeVm.Ports.free(place).web()).isPositive();
        }
    }

    @Test
    void eachServerAnswersWithTheAddressItRunsAt() throws Exception {
        for (InetAddress place : FakeVm.places().subList(0, 2)) {
            FakeVm.Ports ports = FakeVm.Ports.free(place);
            String address = place.getHostAddress();
            try (FakeVm vm = FakeVm.boot(place, ports)) {
                assertThat(vm.address()).isEqualTo(place);
                assertThat(page(place, ports.web())).endsWith(address);
                try (Socket link = new Socket(place, ports.tcp())) {
                    assertThat(lines(link).readLine()).isEqualTo(address);
                }
                try (UdpPeer game = UdpPeer.client(new InetSocketAddress(place, ports.udp()))) {
                    assertThat(game.ask("ping").strip()).isEqualTo(address);
                }
            }
        }
    }

    @Test
    void theTcpServerRepeatsWhatItIsTold() throws Exception {
        InetAddress place = FakeVm.places().get(0);
        FakeVm.Ports ports = FakeVm.Ports.free(place);
        try (FakeVm vm = FakeVm.boot(place, ports);
                Socket link = new Socket(vm.address(), ports.tcp())) {
            BufferedReader in = lines(link);
            in.readLine();
            link.getOutputStream().write("ping\n".getBytes(StandardCharsets.UTF_8));
            assertThat(in.readLine()).isEqualTo("ping");
        }
    }

    @Test
    void afterPowerOffNobodyAnswersAndOpenLinksAreGone() throws Exception {
        InetAddress place = FakeVm.places().get(0);
        FakeVm.Ports ports = FakeVm.Ports.free(place);
        FakeVm vm = FakeVm.boot(place, ports);
        try (Socket link = new Socket(place, ports.tcp());
                UdpPeer game = UdpPeer.client(new InetSocketAddress(place, ports.udp()))) {
            BufferedReader in = lines(link);
            in.readLine();

            vm.close();

            assertThat(endOf(in)).isTrue();
            Await.until(() -> refuses(place, ports.web()) && refuses(place, ports.tcp()));
            game.send("ping");
            assertThat(game.receive(Duration.ofMillis(100))).isEmpty();
        }
    }

    @Test
    void theNextLifeGetsTheSamePortsAtAnotherPlace() throws Exception {
        List<InetAddress> places = FakeVm.places();
        FakeVm.Ports ports = FakeVm.Ports.free(places.get(0));
        FakeVm.boot(places.get(0), ports).close();

        try (FakeVm next = FakeVm.boot(places.get(1), ports)) {
            assertThat(page(next.address(), ports.web())).endsWith(places.get(1).getHostAddress());
        }
        Await.until(() -> bootsAt(places.get(0), ports));
    }

    /** UDP's own thread may hold its port for a moment longer. */
    private static boolean bootsAt(InetAddress place, FakeVm.Ports ports) {
        try (FakeVm again = FakeVm.boot(place, ports)) {
            return again.address().equals(place);
        } catch (IOException stillHeld) {
            return false;
        }
    }

    /** The system keeps a socket for as long as the thread that accepts has not noticed. */
    private static boolean refuses(InetAddress place, int port) throws IOException {
        try (Socket link = new Socket(place, port)) {
            return !link.isConnected();
        } catch (ConnectException refused) {
            return true;
        }
    }

    private static boolean endOf(BufferedReader in) {
        try {
            return in.readLine() == null;
        } catch (IOException reset) {
            return true;
        }
    }

    private static String page(InetAddress place, int port) throws IOException {
        try (Socket browser = new Socket(place, port)) {
            browser.setSoTimeout(10_000);
            String request = "GET / HTTP/1.1\r\nHost: vm\r\nConnection: close\r\n\r\n";
            browser.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(browser.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }

    private static BufferedReader lines(Socket link) throws IOException {
        link.setSoTimeout(10_000);
        return new BufferedReader(new InputStreamReader(link.getInputStream(), StandardCharsets.UTF_8));
    }
}
