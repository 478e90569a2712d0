package io.github.wslproxy.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class NetworkAdaptersTest {
    @Test
    void loopbackIsAmongThemAndUp() throws Exception {
        NetworkInterface loopback = NetworkAdapters.all()
                .filter(adapter -> adapter.inetAddresses().anyMatch(InetAddress::isLoopbackAddress))
                .findFirst()
                .orElseThrow();

        assertThat(NetworkAdapters.isUp(loopback)).isTrue();
    }

    @Test
    void whatWindowsDoesNotTellIsAnExceptionAndNotTheEndOfTheProgram() {
        Error ofJdk17 = new Error("IP Helper Library GetAdaptersAddresses function failed with error == 8");

        assertThatExceptionOfType(SocketException.class)
                .isThrownBy(() -> NetworkAdapters.told(() -> {
                    throw ofJdk17;
                }))
                .withMessage(ofJdk17.getMessage())
                .withCause(ofJdk17);
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "Linux tells it in /proc")
    void theFingerprintStaysTheSameWhileNoAddressComesOrGoes() throws Exception {
        assertThat(NetworkAdapters.hasFingerprint()).isTrue();
        assertThat(NetworkAdapters.fingerprint()).isNotZero().isEqualTo(NetworkAdapters.fingerprint());
    }

    @Test
    void otherErrorsStayErrors() {
        for (Error other :
                new Error[] {new Error("something else"), new Error(), new InternalError("IP Helper Library")}) {
            assertThatThrownBy(() -> NetworkAdapters.told(() -> {
                        throw other;
                    }))
                    .isSameAs(other);
        }
    }
}
