package io.github.wslproxy.cli;

import io.github.wslproxy.app.AdminToken;
import io.github.wslproxy.app.InstanceLock;
import io.github.wslproxy.app.RunningInstance.Started;
import io.github.wslproxy.app.StateDirectory;
import io.github.wslproxy.status.FakeAdminApi;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.status.StatusServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** A status address with a fake proxy behind it, and the command line that asks it. */
final class FakeProxy implements AutoCloseable {
    final Path config;
    final StateDirectory state;
    final FakeAdminApi admin = new FakeAdminApi();
    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();
    final InetSocketAddress address;
    final String token;

    private final AtomicReference<Snapshot> snapshot = new AtomicReference<>();
    private final StatusServer server;
    private @Nullable InstanceLock lock;

    /** Makes a proxy whose status address answers once it is started. */
    FakeProxy(Path folder) throws IOException {
        state = new StateDirectory(folder.resolve("state"), folder.resolve("state/log"));
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), free.getLocalPort());
        }
        config = folder.resolve("proxy.toml");
        writeConfig("'127.0.0.1:" + address.getPort() + "'");
        token = AdminToken.renew(config, state);
        server = new StatusServer(address, snapshot::get, admin, token);
    }

    void writeConfig(String status) throws IOException {
        Files.writeString(config, """
                [wsl]
                address = "172.30.98.229"
                [status]
                listen = %s
                [[forward]]
                name = "vite"
                port = 5173
                [[forward]]
                name = "metro"
                port = 8081
                [[forward]]
                name = "dns"
                protocol = "udp"
                listen = "127.0.0.1:18053"
                """.formatted(status));
    }

    void show(Snapshot now) {
        snapshot.set(now);
    }

    /** Answers on the status address as a stranger would. */
    FakeProxy answers(Snapshot now) throws IOException {
        show(now);
        server.start();
        return this;
    }

    /** Runs as an instance of this user, too. */
    FakeProxy runs(Snapshot now) throws Exception {
        lock = InstanceLock.take(config, state);
        lock.announce(new Started(Optional.of(address), Map.of(), List.of("wslproxy is running.")));
        return answers(now);
    }

    void stopsAnswering() {
        server.close();
    }

    /** @param command has been made for this test; the first argument names it */
    int run(SubCommand command, String... arguments) {
        CommandLine line = Commands.line(new WslProxyCommand(), new CommandLine.IFactory() {
            @Override
            public <K> K create(Class<K> type) throws Exception {
                return type.isInstance(command)
                        ? type.cast(command)
                        : CommandLine.defaultFactory().create(type);
            }
        });
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return line.execute(Stream.concat(Stream.of(arguments), Stream.of("--config", config.toString()))
                .toArray(String[]::new));
    }

    @Override
    public void close() {
        server.close();
        if (lock != null) {
            lock.close();
        }
    }
}
