package io.github.wslproxy.doctor;

import static io.github.wslproxy.testing.Forwards.ip;

import io.github.wslproxy.doctor.SocketDialer.DialResult;
import io.github.wslproxy.doctor.JavaCheck.JavaFacts;
import io.github.wslproxy.status.StatusSamples;
import io.github.wslproxy.status.SampleForward;
import io.github.wslproxy.config.ConfigException;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.config.Settings;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.target.WslSettings;
import io.github.wslproxy.target.WslSettings.OnStopped;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.status.Snapshot.ForwardView;
import io.github.wslproxy.status.Snapshot.ForwardState;
import io.github.wslproxy.status.StatusAnswer;
import io.github.wslproxy.windows.PortOwners.HeldPort;
import io.github.wslproxy.windows.firewall.FirewallRule;
import io.github.wslproxy.windows.firewall.FirewallState;
import io.github.wslproxy.windows.firewall.NetworkCategory;
import io.github.wslproxy.windows.firewall.RemoteAddresses;
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
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A Windows computer on which everything is as it should be, until the test says otherwise. */
public final class FakeEnvironment implements Environment {
    public static final String JAVAW = "C:\\Program Files\\Java\\bin\\javaw.exe";
    public static final InetAddress VM = ip("172.30.98.229");
    public static final InetAddress LAN = ip("192.168.1.20");

    private static final String STAND_IN = "\n[wsl]\ncommand = [\"stand-in\"]\n";
    private static final long PID = 4711;

    public String config = """
            [[forward]]
            name = "vite"
            port = 5173
            """;
    public boolean windows = true;
    public OnStopped onStopped = OnStopped.REFUSE;
    JavaFacts java = new JavaFacts(17, "17.0.12", "C:\\Program Files\\Java");
    Optional<Snapshot.Java> proxyJava = Optional.of(new Snapshot.Java("17.0.12", false, true));
    public boolean installed = true;
    public Optional<Long> pid = Optional.empty();
    public Account account = new Account("PC\\u", Optional.of("S-1-5-21-1"), Optional.of(false), Optional.of(false));
    public Autostart.AutostartState autostart = Autostart.AutostartState.TASK;
    public Optional<StatusAnswer> status = Optional.empty();
    public ForwardState listening = ForwardState.LISTENING;
    public String listeningError = "";
    public String proxySendsTo = "172.30.98.229";
    public ProbeReport probe = ProbeReport.learned(new TargetState.Up(VM, "in the network of vEthernet (WSL)"));
    public Optional<List<String>> distributions = Optional.of(List.of("Ubuntu", "Debian"));
    public GuestScan guest = servers("0.0.0.0");
    public Optional<HeldPort> owner = Optional.empty();

    /** What runs beside the file. */
    public List<ForwardView> beside = List.of();

    /** Addresses that no adapter has. */
    public List<InetAddress> absent = List.of();

    DialResult target = new DialResult.Accepted(50001, Duration.ofMillis(2), DialResult.Then.STAYED_OPEN);
    DialResult relay = new DialResult.Accepted(50002, Duration.ofMillis(2), DialResult.Then.STAYED_OPEN);
    public boolean relayCounts = true;

    /** Connections of the forward before the doctor came. */
    int open;

    boolean statusEndsWithTheRelay;
    public Optional<Snapshot.LastProblem> lastProblem = Optional.empty();

    /** Of the forward, before the doctor came. */
    public Optional<Snapshot.LastProblem> problemBefore = Optional.empty();

    public NetworkCategory category = NetworkCategory.PRIVATE;

    /** Beside the one that has {@link #LAN}. */
    public List<FirewallState.Network> moreNetworks = List.of();

    public boolean addressesAreTold = true;
    public List<FirewallRule> rules = new ArrayList<>(List.of(allow("wslproxy-tcp-5173")));
    public boolean localRulesCount = true;
    public boolean allowRulesCount = true;
    public boolean firewallIsOn = true;
    public boolean firewallTells = true;
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

    private final AtomicInteger relayed = new AtomicInteger();
    private List<ForwardView> views = List.of();

    /** Sockets on port 5173, one for each address. */
    public static GuestScan servers(String addresses) {
        List<GuestSocket> sockets = new ArrayList<>();
        for (String address : addresses.split(" ", -1)) {
            sockets.add(new GuestSocket(Protocol.TCP, ip(address), 5173, false));
        }
        return new GuestScan.Seen("Ubuntu", "nat", sockets);
    }

    public static FirewallRule allow(String id) {
        return rule(id, false, Set.of(NetworkCategory.PRIVATE), Optional.empty(), false);
    }

    public static FirewallRule block(String id) {
        return rule(id, true, Set.of(NetworkCategory.PRIVATE, NetworkCategory.PUBLIC), Optional.of(JAVAW), false);
    }

    static FirewallRule rule(
            String id, boolean blocks, Set<NetworkCategory> where, Optional<String> program, boolean ofPolicy) {
        return rule(id, blocks, where, program, ofPolicy, List.of(), RemoteAddresses.ANY);
    }

    private static FirewallRule rule(
            String id,
            boolean blocks,
            Set<NetworkCategory> where,
            Optional<String> program,
            boolean ofPolicy,
            List<PortRange> ports,
            RemoteAddresses remote) {
        return new FirewallRule(
                id, "", blocks, ofPolicy, where, Set.of(Protocol.TCP, Protocol.UDP), ports, program, remote, false, "");
    }

    /** A rule like {@code rule}, for clients of {@code addresses} only. */
    static FirewallRule of(FirewallRule rule, String... addresses) {
        return rule(
                rule.id(),
                rule.blocks(),
                rule.profiles(),
                rule.program(),
                rule.ofPolicy(),
                rule.ports(),
                new RemoteAddresses(List.of(addresses)));
    }

    /** A rule like {@code rule}, for one port only. */
    static FirewallRule on(int port, FirewallRule rule) {
        return rule(
                rule.id(),
                rule.blocks(),
                rule.profiles(),
                rule.program(),
                rule.ofPolicy(),
                List.of(PortRange.of(port)),
                rule.remote());
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
                        Duration.ofSeconds(30))
                : settings.wsl();
        views = settings.forwards().stream()
                .map(forward -> SampleForward.of(forward.name(), 1)
                        .protocol(forward.protocolWord())
                        .listen(forward.listens().stream().map(Object::toString).toList())
                        .target(forward.target().toString())
                        .state(listening, listeningError)
                        .view())
                .toList();
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
        if (statusEndsWithTheRelay && relayed.get() > 0) {
            return new StatusAnswer.Unclear("it did not answer within 2000 ms");
        }
        if (status.isPresent()) {
            return status.get();
        }
        ForwardView[] now = Stream.concat(views.stream(), beside.stream())
                .map(this::afterwards)
                .toArray(ForwardView[]::new);
        Snapshot snapshot = StatusSamples.of(StatusSamples.target("up", proxySendsTo), now);
        return new StatusAnswer.Running(
                StatusSamples.withProcess(snapshot, PID, proxyJava, Duration.ofMinutes(125)), "");
    }

    private ForwardView afterwards(ForwardView view) {
        SampleForward forward = SampleForward.like(view)
                .counts(open, relayed.get(), 0)
                .lastOwnClient(relayed.get() > 0 && relayCounts ? "192.168.1.20:50002" : "192.168.1.20:40000");
        (relayed.get() == 0 ? problemBefore : lastProblem).ifPresent(forward::lastProblem);
        return forward.view();
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
        relayed.incrementAndGet();
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
        if (!firewallTells) {
            return Optional.empty();
        }
        List<FirewallState.Profile> profiles = Stream.of(NetworkCategory.values())
                .map(each -> new FirewallState.Profile(each, firewallIsOn, true, allowRulesCount, localRulesCount))
                .toList();
        List<FirewallState.Network> networks = new ArrayList<>(moreNetworks);
        networks.add(new FirewallState.Network("Wi-Fi", "Home", category, addressesAreTold ? List.of(LAN) : List.of()));
        return Optional.of(new FirewallState(rules, profiles, networks));
    }

    @Override
    public Optional<String> program(long pid) {
        return pid == PID ? Optional.of(JAVAW) : Optional.empty();
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
