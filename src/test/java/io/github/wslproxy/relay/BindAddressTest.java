package io.github.wslproxy.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

class BindAddressTest {
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aPortThatIsTakenIsSaidToBeTakenAndNothingElse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress local = (InetSocketAddress) taken.getLocalSocketAddress();
            Throwable failure = catchThrowable(() -> new ServerSocket(local.getPort(), 1, local.getAddress()));

            assertThat(BindAddress.explain(failure, local, new LocalAddresses()))
                    .startsWith("the port is in use by another program (")
                    .doesNotContain("not allowed");
        }
    }

    @Test
    void aPortThatNeedsRootNamesTheBoundAndTheWayOut() {
        assertThat(BindAddress.onUnix("Permission denied", 80))
                .contains("below 1024 need root", "CAP_NET_BIND_SERVICE");
        assertThat(BindAddress.onUnix("Permission denied", 8080)).doesNotContain("1024");
    }

    @Test
    void aTranslatedTextOfTheSystemIsNotGuessedAt() {
        assertThat(BindAddress.onUnix("Die Adresse wird bereits verwendet", 80))
                .isEqualTo("the port is in use by another program, or not allowed by the system"
                        + " (Die Adresse wird bereits verwendet)");
    }

    @Test
    void anAddressThatIsNotHereIsNoMatterOfThePort() throws Exception {
        InetSocketAddress elsewhere = new InetSocketAddress(InetAddress.getByName("192.0.2.1"), 80);

        assertThat(BindAddress.explain(new BindException("Cannot assign"), elsewhere, new LocalAddresses()))
                .isEqualTo(BindAddress.NO_SUCH_ADDRESS);
    }
}
