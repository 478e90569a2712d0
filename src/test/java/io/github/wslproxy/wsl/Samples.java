package io.github.wslproxy.wsl;

import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.os.CommandRunner;
import io.github.wslproxy.os.LocalNetwork;
import io.github.wslproxy.target.WslSettings;
import io.github.wslproxy.target.WslSettings.OnStopped;
import io.github.wslproxy.testing.FakeRunner;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Computers and outputs as they are met on Windows. */
final class Samples {
    static final LocalNetwork WSL_ADAPTER = network("vEthernet (WSL (Hyper-V firewall))", "172.30.96.1", 20);
    static final LocalNetwork LAN = network("Intel(R) Wi-Fi 6 AX201 160MHz", "192.168.1.20", 24);
    static final LocalNetwork LOOPBACK = network("Software Loopback Interface 1", "127.0.0.1", 8);

    /** A Windows computer whose WSL is in NAT mode. */
    static final List<LocalNetwork> NAT = List.of(LOOPBACK, LAN, WSL_ADAPTER);

    static final NatIpRegistry NOTHING_REMEMBERED = new NatIpRegistry(new FakeRunner(), "reg.exe", false);

    private Samples() {}

    /** Runs {@code command} by {@code runner}, on the computer whose WSL is in NAT mode. */
    static WslProbe commandProbe(CommandRunner runner, boolean withSockets, String... command) {
        return new CommandProbe(
                List.of(command),
                Duration.ofMinutes(10),
                Optional::empty,
                withSockets,
                runner,
                () -> NAT,
                Optional::of);
    }

    /** Settings that give up a probe after two seconds and look once a day. */
    static WslSettings settings(OnStopped onStopped, String... command) {
        return new WslSettings(
                Optional.empty(),
                Optional.empty(),
                List.of(command),
                Duration.ofDays(1),
                Duration.ofSeconds(2),
                onStopped,
                Duration.ofSeconds(30),
                false);
    }

    static LocalNetwork network(String adapter, String address, int prefix) {
        return new LocalNetwork(adapter, address(address), prefix);
    }

    static InetAddress address(String literal) {
        return Objects.requireNonNull(IpLiteral.parse(literal), literal);
    }

    static List<InetAddress> addresses(String literals) {
        return Arrays.stream(literals.split(" ")).map(Samples::address).toList();
    }

    static byte[] utf16(String text) {
        return text.getBytes(StandardCharsets.UTF_16LE);
    }
}
