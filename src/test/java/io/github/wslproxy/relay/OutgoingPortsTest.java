package io.github.wslproxy.relay;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.os.DynamicPorts;
import io.github.wslproxy.testing.FreePorts;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OutgoingPortsTest {
    private static final LocalAddresses NO_ADAPTERS = new LocalAddresses(Set::of, System::nanoTime);

    private final AtomicLong now = new AtomicLong(1);
    private final OutgoingPorts ports = new OutgoingPorts(1000, Duration.ofMinutes(1), now::get);

    @Test
    void clientsThatOpenAndEndConnectionsAllTheTimeLeavePortsToOthers() {
        for (int second = 0; second < 60; second++) {
            for (String storm : new String[] {"10.0.0.1", "10.0.0.2", "10.0.0.3"}) {
                for (int i = 0; i < 1000; i++) {
                    if (ports.take(client(storm))) {
                        ports.giveBack(client(storm), true);
                    }
                }
            }
            assertThat(ports.take(client("10.0.0.9"))).as("second " + second).isTrue();
            ports.giveBack(client("10.0.0.9"), false);
            now.addAndGet(Duration.ofSeconds(1).toNanos());
        }
    }

    @Test
    void oneClientGetsHalfOfThePortsThatThisComputerReallyHas() {
        OutgoingPorts ofThisComputer = OutgoingPorts.ofThisComputer(now::get);
        int taken = 0;
        while (ofThisComputer.take(client("10.0.0.1"))) {
            taken++;
        }
        assertThat(taken).isEqualTo((DynamicPorts.ofThisComputer().size() + 1) / 2);
    }

    @Test
    void aPortThatWaitsComesBackWhenItsTimeIsOver() {
        while (ports.take(client("10.0.0.1"))) {
            ports.giveBack(client("10.0.0.1"), true);
        }
        assertThat(FreePorts.count(ports)).isEqualTo(500);
        now.addAndGet(Duration.ofSeconds(59).toNanos());
        assertThat(FreePorts.count(ports)).isEqualTo(500);
        now.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(FreePorts.count(ports)).isEqualTo(1000);
        assertThat(ports.take(client("10.0.0.1"))).isTrue();
    }

    @Test
    void oneThatDoesNotWaitIsFreeAtOnce() {
        for (int i = 0; i < 5000; i++) {
            assertThat(ports.take(client("10.0.0.1"))).isTrue();
            ports.giveBack(client("10.0.0.1"), false);
        }
        assertThat(FreePorts.count(ports)).isEqualTo(1000);
    }

    @Test
    void programsOfThisComputerMayHaveAll() {
        ClientKey own = ClientKey.of(ip("127.0.0.1"), NO_ADAPTERS);
        for (int i = 0; i < 1000; i++) {
            assertThat(ports.take(own)).isTrue();
        }
        assertThat(ports.take(own)).isFalse();
    }

    private static ClientKey client(String address) {
        return ClientKey.of(ip(address), NO_ADAPTERS);
    }
}
