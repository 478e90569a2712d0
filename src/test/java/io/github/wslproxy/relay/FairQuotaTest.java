package io.github.wslproxy.relay;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class FairQuotaTest {
    private static final LocalAddresses NO_ADAPTERS = new LocalAddresses(Set::of, System::nanoTime);

    private final FairQuota shares = FairQuota.ofPlaces(64);

    @Test
    void oneClientAloneGetsHalf() {
        assertThat(takeAll("10.0.0.1")).isEqualTo(32);
    }

    @Test
    void aNewcomerFindsAPlaceThoughOthersHaveTakenWhatTheyCould() {
        for (int i = 1; i <= 5; i++) {
            takeAll("10.0.0." + i);
        }
        assertThat(shares.take(client("10.0.0.99"))).isTrue();
    }

    @Test
    void whatIsGivenBackCanBeTakenAgain() {
        takeAll("10.0.0.1");
        shares.giveBack(client("10.0.0.1"));
        assertThat(takeAll("10.0.0.1")).isEqualTo(1);
        for (int i = 0; i < 32; i++) {
            shares.giveBack(client("10.0.0.1"));
        }
        assertThat(shares.used()).isZero();
    }

    @Test
    void noneIsGivenBeyondTheNumber() {
        FairQuota one = FairQuota.ofPlaces(1);
        assertThat(one.take(client("10.0.0.1"))).isTrue();
        assertThat(one.take(client("10.0.0.2"))).isFalse();
    }

    private int takeAll(String address) {
        int taken = 0;
        while (shares.take(client(address))) {
            taken++;
        }
        return taken;
    }

    private static ClientKey client(String address) {
        return ClientKey.of(ip(address), NO_ADAPTERS);
    }
}
