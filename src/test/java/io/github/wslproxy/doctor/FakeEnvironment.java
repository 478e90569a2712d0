package io.github.wslproxy.doctor;

import static io.github.wslproxy.testing.Forwards.ip;

import io.github.wslproxy.config.ConfigException;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.config.Settings;
import io.github.wslproxy.doctor.Finding.FindingState;
import io.github.wslproxy.doctor.JavaCheck.JavaFacts;
import io.github.wslproxy.doctor.SocketDialer.DialResult;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.status.StatusAnswer;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.target.WslSettings;
import io.github.wslproxy.target.WslSettings.OnStopped;
import io.github.wslproxy.windows.PortOwners.HeldPort;
import io.github.wslproxy.windows.firewall.FirewallState;
import io.github.wslproxy.windows.task.Account;
import io.github.wslproxy.windows.task.Autostart;
import io.github.wslproxy.wsl.GuestScan;
import io.github.wslproxy.wsl.GuestSocket;
import io.github.wslproxy.wsl.ProbeReport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A Windows computer on which everything is as it should be, until the test says otherwise. */
public final class FakeEnvironment implements Environment {
    public static final String JAVAW = "C:\\Program Files\\Java\\bin\\javaw.exe";
    public static final InetAddress VM = ip("172.30.98.229");
    public static final InetAddress LAN = ip("192.168.1.20");

    private static final String STAND_IN = "\n[wsl]\ncommand = [\"stand-in\"]\n";
    public String config = """
            [[forward]]
            name = "vite"
            port = 5173
            """;
    public boolean windows = true;
    public OnStopped onStopped = OnStopped.REFUSE;

    /** Whether wslproxy may use WSL's relay on localhost. */
    public boolean localhost;

    JavaFacts java = new JavaFacts(17, "17.0.12", "C:\\Program Files\\Java");
    public boolean installed = true;
    public Optional<Long> pid = Optional.empty();
    public Account account = new Account("PC\\u", Optional.of("S-1-5-21-1"), Optional.of(false), Optional.of(false));
    public Autostart.AutostartState autostart = Autostart.AutostartState.TASK;
    public ProbeReport probe = ProbeReport.learned(new TargetState.Up(VM, "in the network of vEthernet (WSL)"));
    public Optional<List<String>> distributions = Optional.of(List.of("Ubuntu", "Debian"));
    public GuestScan guest = servers("0.0.0.0");
    public Optional<HeldPort> owner = Optional.empty();

    /** Addresses that no adapter has. */
    public List<InetAddress> absent = List.of();

    DialResult target = new DialResult.Accepted(50001, Duration.ofMillis(2), DialResult.Then.STAYED_OPEN);
    DialResult relay = new DialResult.Accepted(50002, Duration.ofMillis(2), DialResult.Then.STAYED_OPEN);
    public final FakeProxy proxy = new FakeProxy();
    public final FakeFirewall firewall = new FakeFirewall();
    public List<String> adapters = List.of("Intel(R) Wi-Fi 6 AX201 160MHz", "vEthernet (WSL (Hyper-V firewall))");
    public Optional<InetAddress> lan = Optional.of(LAN);
    public final Map<String, InetAddress> names = new HashMap<>();

    /** What a name stands for beside its first address. */
    public final Map<String, InetAddress> secondAddresses = new HashMap<>();

    /** Where something else comes of a connect than of {@link #target}. */
    final Map<InetAddress, DialResult> at = new HashMap<>();

    public final List<InetSocketAddress> dialed = new ArrayList<>();

    /** Set to have one question never answered. */
    public boolean everythingHangs;

    /** Sockets on port 5173, one for each address. */
    public static GuestScan servers(String addresses) {
        List<GuestSocket> sockets = new ArrayList<>();
        for (String address : addresses.split(" ", -1)) {
            sockets.add(new GuestSocket(Protocol.TCP, ip(address), 5173, false));
        }
        return new GuestScan.Seen("Ubuntu", "nat", sockets);
    }

    public void targetRefuses() {
        target = new DialResult.Refused();
    }

    public Diagnosis examine(Optional<String> name) throws Exception {
        return examine(name, Duration.ofSeconds(10));
    }

    /** Walks the chain of this computer; the configuration is called proxy.toml. */
    public Diagnosis examine(Optional<String> name, Duration patience) throws Exception {
        Path folder = Files.createTempDirectory("doctor");
        Path file = folder.resolve("proxy.toml");
        try {
            Files.writeString(file, config.contains("[wsl]") ? config : config + STAND_IN);
            return named(new Doctor(this, this::read, patience).examine(file, name), folder + "/");
        } finally {
            Files.delete(file);
            Files.delete(folder);
        }
    }

    /** The first finding about a link of any forward, without the name of the forward. */
    Finding finding(ChainLink link) throws Exception {
        Finding found = examine(Optional.empty()).findings().stream()
                .filter(finding -> finding.link() == link)
                .findFirst()
                .orElseThrow();
        return found.of("");
    }

    FindingState state(ChainLink link) throws Exception {
        return finding(link).state();
    }

    String seen(ChainLink link) throws Exception {
        return finding(link).seen();
    }

    private static Diagnosis named(Diagnosis diagnosis, String folder) {
        List<Finding> findings = diagnosis.findings().stream()
                .map(one -> new Finding(
                        one.link(),
                        one.forward(),
                        one.state(),
                        one.seen().replace(folder, ""),
                        one.cure().replace(folder, ""),
                        one.note().replace(folder, "")))
                .toList();
        return new Diagnosis(diagnosis.config().replace(folder, ""), findings);
    }

    private Settings read(Path file) throws ConfigException {
        Settings settings = ConfigFile.read(file);
        boolean standIn = settings.wsl().command().equals(List.of("stand-in"));
        WslSettings wsl = standIn
                ? new WslSettings(
                        settings.wsl().distribution(),
                        Optional.empty(),
                        List.of(),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10),
                        onStopped,
                        Duration.ofSeconds(30),
                        localhost)
                : settings.wsl();
        proxy.hasTaken(settings.forwards());
        return new Settings(
                wsl,
                settings.limits(),
                settings.status(),
                settings.log(),
                settings.defaults(),
                settings.auto(),
                settings.forwards(),
                settings.switchedOff());
    }

    @Override
    public boolean isWindows() {
        return windows;
    }

    @Override
    public JavaFacts java() {
        return java;
    }

    @Override
    public StatusAnswer status(InetSocketAddress address) {
        hang();
        return proxy.status();
    }

    @Override
    public ProbeReport probe(WslSettings settings) {
        hang();
        return probe;
    }

    @Override
    public Optional<List<String>> distributions(WslSettings settings) {
        return distributions;
    }

    @Override
    public GuestScan guest(WslSettings settings) {
        return guest;
    }

    @Override
    public Optional<HeldPort> portOwner(Protocol protocol, int port) {
        hang();
        return owner;
    }

    @Override
    public boolean hasAddress(InetAddress address) {
        return !absent.contains(address);
    }

    @Override
    public List<InetAddress> lookUp(String name) {
        return Stream.of(names, secondAddresses)
                .flatMap(known -> Optional.ofNullable(known.get(name)).stream())
                .toList();
    }

    @Override
    public synchronized DialResult dial(InetSocketAddress to, Duration connect, Duration watch) {
        dialed.add(to);
        if (watch.isZero()) {
            return at.getOrDefault(to.getAddress(), target);
        }
        proxy.relayed.incrementAndGet();
        return relay;
    }

    @Override
    public Account account() {
        hang();
        return account;
    }

    @Override
    public Autostart.AutostartState autostart() {
        hang();
        return autostart;
    }

    @Override
    public boolean isInstalled(Path config) {
        return installed;
    }

    @Override
    public Optional<Long> pid(Path config) {
        return pid;
    }

    @Override
    public Optional<FirewallState> firewall() {
        hang();
        return firewall.state();
    }

    @Override
    public Optional<String> program(long pid) {
        return pid == FakeProxy.PID ? Optional.of(JAVAW) : Optional.empty();
    }

    @Override
    public List<String> adapters() {
        hang();
        return adapters;
    }

    @Override
    public Optional<InetAddress> lanAddress() {
        return lan;
    }

    private void hang() {
        try {
            if (everythingHangs) {
                Thread.sleep(60_000);
            }
        } catch (InterruptedException given) {
            throw new IllegalStateException("given up", given);
        }
    }
}
