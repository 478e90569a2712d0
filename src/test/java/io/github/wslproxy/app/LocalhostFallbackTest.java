package io.github.wslproxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.target.CurrentTarget;
import io.github.wslproxy.target.TargetState;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LocalhostFallbackTest {
    private static final String VM = "172.30.98.229";
    private static final String V4 = "127.0.0.1";
    private static final String V6 = "::1";
    private static final int PORT = 5173;

    private final CurrentTarget vm = new CurrentTarget(Clock.systemUTC(), up(VM));
    private final Set<Integer> ownPorts = new HashSet<>();
    private final LocalhostFallback target = new LocalhostFallback(vm, ownPorts::contains, true);

    @Test
    void theAddressOfTheVmComesFirst() {
        assertThat(target.addresses(PORT)).isEqualTo(addresses(VM, V4, V6));
        assertThat(target.prefersLocalhost(PORT)).isFalse();
    }

    @Test
    void whatHasWorkedComesFirstForItsPort() {
        worked(V6);

        assertThat(target.addresses(PORT)).isEqualTo(addresses(V6, VM, V4));
        assertThat(target.prefersLocalhost(PORT)).isTrue();
        assertThat(target.addresses(PORT + 1)).isEqualTo(addresses(VM, V4, V6));
        assertThat(target.prefersLocalhost(PORT + 1)).isFalse();
    }

    @Test
    void theAddressOfTheVmComesFirstAgainWhenItHasWorked() {
        worked(V4);
        worked(VM);

        assertThat(target.addresses(PORT)).isEqualTo(addresses(VM, V4, V6));
    }

    @Test
    void aFailureEndsThePreference() {
        worked(V4);
        target.connectFailed(PORT + 1);
        assertThat(target.prefersLocalhost(PORT)).isTrue();

        target.connectFailed(PORT);

        assertThat(target.addresses(PORT)).isEqualTo(addresses(VM, V4, V6));
    }

    @Test
    void aFailureHasTheVmLookedFor() {
        List<String> asked = new ArrayList<>();
        vm.onConnectFailed(() -> asked.add("asked"));

        target.connectFailed(PORT);
        target.connectFailed();

        assertThat(asked).hasSize(2);
    }

    @Test
    void aVmThatMovesIsTriedAtItsNewAddressFirst() {
        worked(V4);

        vm.publish(up("172.20.0.2"));

        assertThat(target.addresses(PORT)).isEqualTo(addresses("172.20.0.2", V4, V6));
        assertThat(target.prefersLocalhost(PORT)).isFalse();
    }

    @Test
    void aVmThatDoesNotRunHasNoRelay() {
        vm.publish(new TargetState.Down("stopped"));

        assertThat(target.addresses(PORT)).isEmpty();
        assertThat(target.isLocalhostRelay(IpLiteral.of(V4))).isTrue();
    }

    @Test
    void thereIsNoRelayWhereWslSharesTheAddressesOfWindows() {
        vm.publish(new TargetState.OnLan("mirrored", IpLiteral.of("192.168.1.5"), "mirrored"));

        assertThat(target.addresses(PORT)).isEqualTo(addresses("192.168.1.5"));
    }

    @Test
    void aVmOnLocalhostIsNoRelay() {
        vm.publish(up(V4));

        assertThat(target.addresses(PORT)).isEqualTo(addresses(V4));
        assertThat(target.isLocalhostRelay(IpLiteral.of(V4))).isFalse();
    }

    @Test
    void wslproxyItselfIsNoServerOfTheVm() {
        worked(V4);

        ownPorts.add(PORT);

        assertThat(target.addresses(PORT)).isEqualTo(addresses(VM));
        assertThat(target.prefersLocalhost(PORT)).isFalse();
        assertThat(target.addresses(PORT + 1)).isEqualTo(addresses(VM, V4, V6));
    }

    @Test
    void switchedOffItIsTheVmAlone() {
        worked(V4);

        target.enable(false);

        assertThat(target.addresses(PORT)).isEqualTo(addresses(VM));
        assertThat(target.prefersLocalhost(PORT)).isFalse();
    }

    private void worked(String address) {
        target.worked(new InetSocketAddress(IpLiteral.of(address), PORT));
    }

    private static TargetState up(String address) {
        return new TargetState.Up(IpLiteral.of(address), "for a test");
    }

    private static List<InetAddress> addresses(String... literals) {
        return Stream.of(literals).map(IpLiteral::of).toList();
    }
}
