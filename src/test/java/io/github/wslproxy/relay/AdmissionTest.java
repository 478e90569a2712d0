package io.github.wslproxy.relay;

import static io.github.wslproxy.testing.Forwards.block;
import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.testing.Case;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionTest {
    private static final List<AddressBlock> LOOPBACK = List.of(block("127.0.0.0", 8), block("::1", 128));
    private static final List<AddressBlock> ANY = List.of(block("0.0.0.0", 0), block("::", 0));

    private static final Route LAN = new Route(new Host.Everywhere(), 80, 80);
    private static final Route WSL = new Route(new Host.Wsl(), 5432, 5432);

    private final ScriptedWslSide wslSide = new ScriptedWslSide();
    private final LocalAddresses ownAddresses =
            new LocalAddresses(() -> Set.of(ip("203.0.113.7"), ip("2001:db8::7")), System::nanoTime);

    @ParameterizedTest
    @ValueSource(strings = {"203.0.113.7", "2001:db8::7", "127.0.0.1", "::1"})
    void aProgramOfThisComputerCountsAsLoopbackWhicheverAddressItComesFrom(String own) {
        assertThat(admission(new Access(LOOPBACK, List.of()), 10, 10).enter(ip(own), LAN))
                .isEmpty();
        assertThat(admission(new Access(ANY, LOOPBACK), 10, 10).enter(ip(own), LAN))
                .hasValueSatisfying(reason -> assertThat(reason).contains("not allowed"));
    }

    @Test
    void aNeighbourDoesNot() {
        assertThat(admission(new Access(LOOPBACK, List.of()), 10, 10).enter(ip("203.0.113.8"), LAN))
                .isPresent();
    }

    @Test
    void whatListensForWslLetsInTheVmAndThisComputerOnly() {
        wslSide.vmIs("172.30.98.229");
        Admission any = admission(new Access(ANY, List.of()), 10, 10);

        assertThat(any.enter(ip("172.30.98.229"), WSL)).isEmpty();
        assertThat(any.enter(ip("203.0.113.7"), WSL)).isEmpty();
        assertThat(any.enter(ip("172.30.98.230"), WSL))
                .hasValueSatisfying(reason -> assertThat(reason).contains("does not come from WSL"));
        assertThat(any.enter(ip("172.30.98.230"), LAN)).isEmpty();
    }

    @Test
    void theVmIsRefusedWhereItsAddressIsNotAllowed() {
        wslSide.vmIs("172.30.98.229");

        assertThat(admission(new Access(LOOPBACK, List.of()), 10, 10).enter(ip("172.30.98.229"), WSL))
                .isPresent();
    }

    @Test
    @Case(16)
    void aCapIsNamedByItsKey() {
        Admission full = admission(new Access(ANY, List.of()), 1, 1);
        assertThat(full.enter(ip("10.0.0.1"), LAN)).isEmpty();
        assertThat(full.enter(ip("10.0.0.2"), LAN)).contains("limit reached: max_connections");

        Admission perClient = admission(new Access(ANY, List.of()), 10, 1);
        assertThat(perClient.enter(ip("10.0.0.1"), LAN)).isEmpty();
        assertThat(perClient.enter(ip("10.0.0.1"), LAN)).contains("limit reached: max_connections_per_client");
    }

    @Test
    @Case(16)
    void aClientThatLeavesMakesRoom() {
        Admission one = admission(new Access(ANY, List.of()), 1, 1);
        one.enter(ip("10.0.0.1"), LAN);
        one.leave(ip("10.0.0.1"));
        assertThat(one.enter(ip("10.0.0.2"), LAN)).isEmpty();
    }

    private Admission admission(Access access, int cap, int capPerClient) {
        return new Admission(access, ownAddresses, wslSide, new ClientSlots(cap, capPerClient), "max_connections");
    }
}
