package io.github.wslproxy.relay;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientKeyTest {
    private static final LocalAddresses OWN =
            new LocalAddresses(() -> Set.of(ip("2001:db8::7"), ip("192.168.1.7")), System::nanoTime);

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource({
        "192.168.1.50, 192.168.1.50, true",
        "192.168.1.50, 192.168.1.51, false",
        "192.168.1.50, ::ffff:192.168.1.50, true",
        "2001:db8:0:2::1, 2001:db8:0:2:ffff:ffff:ffff:ffff, true",
        "2001:db8::1, 2001:db8:0:1::1, false",
        "fd00:77::52, fd00:77::53, true",
        "fe80::1, fe80::2, false",
        "fe80::1, fe80::1, true",
        "64:ff9b::192.0.2.1, 64:ff9b::192.0.2.2, true",
    })
    void whatCountsAsOneClient(String one, String other, boolean same) {
        assertThat(key(ip(one)).equals(key(ip(other)))).isEqualTo(same);
    }

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource({
        "127.0.0.1, 127.0.0.2, false",
        "127.0.0.1, ::1, false",
        "2001:db8::7, 2001:db8::8, false",
        "2001:db8::8, 2001:db8::9, false",
        "2001:db8:0:1::8, 2001:db8:0:1::9, true",
    })
    void thisComputerAndItsNeighboursCountOneByOne(String one, String other, boolean same) {
        assertThat(key(ip(one)).equals(key(ip(other)))).isEqualTo(same);
    }

    @Test
    void theMappedFormIsIpv4HoweverItWasMade() throws UnknownHostException {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff, (byte) 192, (byte) 168, 1, 50};
        InetAddress six = Inet6Address.getByAddress(null, mapped, -1);

        assertThat(six).isInstanceOf(Inet6Address.class);
        assertThat(key(six)).isEqualTo(key(ip("192.168.1.50")));
    }

    @ParameterizedTest
    @CsvSource({
        "192.168.1.50, ''",
        "fe80::1, ''",
        "2001:db8::7, ''",
        "::1, ''",
        "2001:db8::8, ''",
        "2001:db8:0:1::8, ' (2001:db8:0:1::/64 counts as one client)'",
        "fd00:1:2:3:4:5:6:7, ' (fd00:1:2:3::/64 counts as one client)'",
    })
    void onlyWhereAddressesShareItIsSaid(String address, String said) {
        assertThat(ClientKey.of(ip(address), OWN).sharing()).isEqualTo(said);
    }

    private static ClientKey key(InetAddress address) {
        return ClientKey.of(address, OWN);
    }
}
