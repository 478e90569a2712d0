package io.github.wslproxy.testing;

import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.forward.Limits;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.forward.ProxyProtocol;
import io.github.wslproxy.forward.Timeouts;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Builds forwards for tests: everything is as in proxy.toml by default, except that all clients may come in. */
public final class Forwards {
    private final Protocol protocol;
    private final List<Endpoint> listens = new ArrayList<>();
    private Endpoint target = new Endpoint(new Host.Wsl(), PortRange.of(1));
    private Access access = new Access(List.of(block("0.0.0.0", 0), block("::", 0)), List.of());
    private Timeouts timeouts = new Timeouts(
            Duration.ofSeconds(5),
            Duration.ofMinutes(125),
            Duration.ofMinutes(10),
            Duration.ofMinutes(10),
            Duration.ofMinutes(5));
    private Limits limits = new Limits(1024, 1024, 1024, 1024);
    private ProxyProtocol proxyProtocol = ProxyProtocol.OFF;

    private Forwards(Protocol protocol) {
        this.protocol = protocol;
    }

    public static Forwards tcp() {
        return new Forwards(Protocol.TCP);
    }

    public static Forwards udp() {
        return new Forwards(Protocol.UDP);
    }

    public static InetAddress ip(String literal) {
        return Objects.requireNonNull(IpLiteral.parse(literal), literal);
    }

    public static AddressBlock block(String network, int prefix) {
        return new AddressBlock(ip(network), prefix);
    }

    /** Adds a listen entry; {@code *} is everywhere, {@code wsl} the adapter of WSL, port 0 any free one. */
    public Forwards listen(String host, int port) {
        Host where =
                switch (host) {
                    case "*" -> new Host.Everywhere();
                    case "wsl" -> new Host.Wsl();
                    default -> new Host.Address(ip(host));
                };
        listens.add(new Endpoint(where, PortRange.of(port)));
        return this;
    }

    public Forwards listenName(String name, int port) {
        listens.add(new Endpoint(new Host.Name(name), PortRange.of(port)));
        return this;
    }

    public Forwards toWsl(int port) {
        target = new Endpoint(new Host.Wsl(), PortRange.of(port));
        return this;
    }

    public Forwards access(Access whole) {
        access = whole;
        return this;
    }

    public Forwards access(List<AddressBlock> allow, List<AddressBlock> deny) {
        access = new Access(allow, deny);
        return this;
    }

    public Forwards connectTimeout(Duration limit) {
        timeouts = new Timeouts(
                limit, timeouts.idle(), timeouts.halfClose(), timeouts.clientKeepAlive(), timeouts.udpIdle());
        return this;
    }

    public Forwards idleTimeout(Duration limit) {
        timeouts = new Timeouts(
                timeouts.connect(), limit, timeouts.halfClose(), timeouts.clientKeepAlive(), timeouts.udpIdle());
        return this;
    }

    public Forwards halfCloseTimeout(Duration limit) {
        timeouts = new Timeouts(
                timeouts.connect(), timeouts.idle(), limit, timeouts.clientKeepAlive(), timeouts.udpIdle());
        return this;
    }

    public Forwards udpIdleTimeout(Duration limit) {
        timeouts = new Timeouts(
                timeouts.connect(), timeouts.idle(), timeouts.halfClose(), timeouts.clientKeepAlive(), limit);
        return this;
    }

    /** Links for TCP, sessions for UDP. */
    public Forwards limits(int all, int perClient) {
        limits = new Limits(all, perClient, all, perClient);
        return this;
    }

    public Forwards proxyProtocol(ProxyProtocol form) {
        proxyProtocol = form;
        return this;
    }

    public Forward named(String name) {
        return new Forward(name, Set.of(protocol), listens, target, access, timeouts, limits, proxyProtocol);
    }
}
