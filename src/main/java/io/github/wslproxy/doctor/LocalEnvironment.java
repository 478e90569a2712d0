package io.github.wslproxy.doctor;

import io.github.wslproxy.app.LanAddresses;
import io.github.wslproxy.app.RunningInstance;
import io.github.wslproxy.app.StateDirectory;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.os.NetworkAdapters;
import io.github.wslproxy.status.StatusAnswer;
import io.github.wslproxy.status.StatusClient;
import io.github.wslproxy.target.WslSettings;
import io.github.wslproxy.windows.PortOwners;
import io.github.wslproxy.windows.PortOwners.HeldPort;
import io.github.wslproxy.windows.firewall.Firewall;
import io.github.wslproxy.windows.firewall.FirewallState;
import io.github.wslproxy.windows.task.Account;
import io.github.wslproxy.windows.task.Autostart;
import io.github.wslproxy.wsl.GuestScan;
import io.github.wslproxy.wsl.ProbeReport;
import io.github.wslproxy.wsl.WslExe;
import io.github.wslproxy.wsl.WslProbes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The computer that this program runs on. */
final class LocalEnvironment implements Environment {
    private final Firewall firewall = Firewall.ofThisComputer();
    private final WslExe wsl = WslExe.ofThisComputer();

    @Override
    public boolean isWindows() {
        return firewall.isHere();
    }

    @Override
    public JavaCheck.JavaFacts java() {
        return JavaCheck.JavaFacts.ofThisProcess();
    }

    @Override
    public StatusAnswer status(InetSocketAddress address) {
        return new StatusClient(address).ask();
    }

    @Override
    public ProbeReport probe(WslSettings settings) {
        return WslProbes.askOnce(settings);
    }

    @Override
    public Optional<List<String>> distributions(WslSettings settings) {
        return wsl.distributions(settings.timeout());
    }

    @Override
    public GuestScan guest(WslSettings settings) {
        return wsl.look(settings.distribution(), settings.timeout());
    }

    @Override
    public Optional<HeldPort> portOwner(Protocol protocol, int port) {
        return PortOwners.ofThisComputer().find(protocol, port);
    }

    @Override
    public boolean hasAddress(InetAddress address) {
        try {
            return address.isAnyLocalAddress() || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException notTold) {
            return true;
        }
    }

    @Override
    public List<InetAddress> lookUp(String name) {
        try {
            return Host.Name.inOrder(InetAddress.getAllByName(name));
        } catch (UnknownHostException nobodyOfThatName) {
            return List.of();
        }
    }

    @Override
    public SocketDialer.DialResult dial(InetSocketAddress to, Duration connect, Duration watch) {
        return SocketDialer.dial(to, connect, watch);
    }

    @Override
    public Account account() {
        return Account.ofThisProcess();
    }

    @Override
    public Autostart.AutostartState autostart() {
        return Autostart.ofThisUser().state();
    }

    @Override
    public boolean isInstalled(Path config) {
        try {
            StateDirectory state = StateDirectory.ofThisUser();
            state.check();
            Path installed = Path.of(Files.readString(state.installedConfig()).strip());
            return Files.isSameFile(installed, config);
        } catch (IOException | InvalidPathException notInstalled) {
            return false;
        }
    }

    @Override
    public Optional<Long> pid(Path config) {
        return RunningInstance.of(config, StateDirectory.ofThisUser()).map(RunningInstance::pid);
    }

    @Override
    public Optional<FirewallState> firewall() {
        return firewall.state();
    }

    @Override
    public Optional<String> program(long pid) {
        return ProcessHandle.of(pid).flatMap(process -> process.info().command());
    }

    /** Each adapter gives both its names: on Windows the display name says what it is, on Linux the other. */
    @Override
    public List<String> adapters() {
        try {
            return NetworkAdapters.all()
                    .filter(LocalEnvironment::isInUse)
                    .flatMap(adapter -> Stream.of(adapter.getDisplayName(), adapter.getName()))
                    .filter(name -> name != null)
                    .distinct()
                    .toList();
        } catch (SocketException notTold) {
            return List.of();
        }
    }

    private static boolean isInUse(NetworkInterface adapter) {
        try {
            return NetworkAdapters.isUp(adapter)
                    && adapter.inetAddresses().findAny().isPresent();
        } catch (SocketException goneMeanwhile) {
            return false;
        }
    }

    @Override
    public Optional<InetAddress> lanAddress() {
        return LanAddresses.find();
    }
}
