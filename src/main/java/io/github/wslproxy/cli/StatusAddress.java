package io.github.wslproxy.cli;

import com.google.gson.JsonObject;
import io.github.wslproxy.app.AdminToken;
import io.github.wslproxy.app.RunningInstance;
import io.github.wslproxy.app.StateDirectory;
import io.github.wslproxy.config.ConfigException;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.os.SafeText;
import io.github.wslproxy.relay.Peer;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.status.StatusAnswer;
import io.github.wslproxy.status.StatusAnswer.ActionResult;
import io.github.wslproxy.status.StatusClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** The status address of the proxy that runs a configuration. Each question blocks for some seconds at most. */
final class StatusAddress {
    private final Path config;
    private final StateDirectory state;
    private final InetSocketAddress address;
    private final String start;

    private StatusAddress(Path config, StateDirectory state, InetSocketAddress address, String start) {
        this.config = config;
        this.state = state;
        this.address = address;
        this.start = start;
    }

    /**
     * Finds the address that the configuration names. If its newest edit is not valid, the proxy runs an older one, and
     * its instance file has the address.
     *
     * @throws ConfigException if the configuration is not valid and nothing runs with it
     * @throws IOException if there is no status address; the message is for the user
     */
    static StatusAddress of(SubCommand command, StateDirectory state) throws ConfigException, IOException {
        Path config = command.configFile();
        Optional<InetSocketAddress> address;
        try {
            address = ConfigFile.read(config).status().listen();
        } catch (ConfigException invalid) {
            address = told(config, state);
            if (address.isEmpty()) {
                throw invalid;
            }
        }
        if (address.isEmpty()) {
            throw new IOException("listen in [status] of " + config + " is \"off\", so "
                    + RunningInstance.of(config, state)
                            .map(running -> "wslproxy (pid " + running.pid() + ") cannot be asked")
                            .orElse("a wslproxy that runs cannot be asked")
                    + " (expected an address such as listen = \"127.0.0.1:9797\")");
        }
        return new StatusAddress(config, state, address.get(), startCommand(command, state));
    }

    private static String startCommand(SubCommand command, StateDirectory state) {
        boolean isInstalled = InstallContext.installedConfig(state)
                .filter(installed ->
                        InstallContext.isSame(installed, command.configFile().toAbsolutePath()))
                .isPresent();
        return isInstalled ? "wslproxy start" : command.ownCommand().line("");
    }

    /** The address that the instance of this configuration wrote into a file that only this user can write. */
    private static Optional<InetSocketAddress> told(Path config, StateDirectory state) {
        return RunningInstance.of(config, state).flatMap(RunningInstance::statusAddress);
    }

    /** The status of the proxy, or that it does not run. */
    StatusAnswer ask() {
        return new StatusClient(address).ask();
    }

    /**
     * The status of the proxy.
     *
     * @throws IOException if none answers; the message says what to do
     */
    StatusAnswer.Running running() throws IOException {
        StatusAnswer answer = ask();
        if (!(answer instanceof StatusAnswer.Running running)) {
            throw failure(answer);
        }
        Optional<Long> own = RunningInstance.of(config, state).map(RunningInstance::pid);
        boolean isOther = own.filter(pid -> pid != running.snapshot().pid()).isPresent();
        if (isOther && told(config, state).filter(address::equals).isEmpty()) {
            throw new IOException("another wslproxy, pid " + running.snapshot().pid() + ", has the status address "
                    + Peer.name(address) + " of " + config + ", which runs as pid " + own.get()
                    + " (expected: a listen of its own in [status])");
        }
        return running;
    }

    /**
     * Says that the proxy that answers runs another configuration than the one that was asked about; empty if it runs
     * that one, or does not tell.
     */
    Optional<String> otherConfiguration(Snapshot snapshot) {
        boolean isOwn = RunningInstance.of(config, state)
                .filter(own -> own.pid() == snapshot.pid())
                .isPresent();
        if (isOwn || snapshot.config().isEmpty() || isSameFile(snapshot.config())) {
            return Optional.empty();
        }
        return Optional.of("wslproxy (pid " + snapshot.pid() + ") on " + Peer.name(address)
                + " runs another configuration, " + snapshot.config() + ", not "
                + SafeText.escaped(config.toString()));
    }

    private boolean isSameFile(String other) {
        try {
            return InstallContext.isSame(Path.of(other), config.toAbsolutePath().normalize());
        } catch (InvalidPathException notHere) {
            return false;
        }
    }

    /** Says what an answer that is not {@link StatusAnswer.Running} means, and what to do. */
    IOException failure(StatusAnswer answer) {
        return answer instanceof StatusAnswer.Unclear unclear ? unclear(unclear.what()) : nobody();
    }

    /** @throws IOException as {@link #running} does */
    Snapshot snapshot() throws IOException {
        return running().snapshot();
    }

    private IOException nobody() {
        Optional<Long> pid = RunningInstance.of(config, state).map(RunningInstance::pid);
        return pid.isPresent()
                ? new IOException("it runs as pid " + pid.get() + ", but nobody listens on its status address "
                        + Peer.name(address) + " (its log says why; wslproxy logs, or its console)")
                : new NotRunningException("wslproxy is not running (nobody listens on " + Peer.name(address)
                        + "); start it with: " + start);
    }

    private IOException unclear(String what) {
        return new IOException("somebody listens on " + Peer.name(address) + ", but " + what
                + " (if that is another program, choose another port for listen in [status])");
    }

    /**
     * Has the proxy carry out an action.
     *
     * @return what came of it, one line
     * @throws IOException if it refused, or none runs; the message says what to do
     */
    String perform(String action, JsonObject body) throws IOException {
        String token = token();
        StatusAnswer answer = new StatusClient(address).post(action, body.toString(), token);
        if (!(answer instanceof ActionResult result)) {
            throw failure(answer);
        }
        if (!result.done()) {
            throw new IOException(result.line());
        }
        return result.line();
    }

    /** The URL of the page with the token, which gives it its buttons. */
    String pageWithToken() throws IOException {
        return "http://" + Peer.name(address) + "/#token=" + token();
    }

    /**
     * Gives the token only for the proxy of this user: any user of this computer may have taken the port of one that
     * does not run, and would have the token from then on.
     */
    private String token() throws IOException {
        Optional<InetSocketAddress> told = told(config, state);
        if (told.filter(address::equals).isEmpty()) {
            StatusAnswer answer = ask();
            throw answer instanceof StatusAnswer.Running running
                    ? otherConfiguration(running.snapshot())
                            .map(IOException::new)
                            .orElseGet(() -> another(running.snapshot().pid(), told))
                    : nobody();
        }
        return AdminToken.of(config, state);
    }

    private IOException another(long pid, Optional<InetSocketAddress> told) {
        return new IOException(
                told.map(before -> "its status address was " + Peer.name(before) + " when it started and is "
                                + Peer.name(address) + " now (expected: wslproxy stop, and start it again)")
                        .orElse("wslproxy (pid " + pid + ") on " + Peer.name(address) + " is not known to run "
                                + SafeText.escaped(config.toString())
                                + " for you (expected: yours, whose configuration --config names)"));
    }
}
