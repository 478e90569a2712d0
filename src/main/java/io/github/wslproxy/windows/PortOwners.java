package io.github.wslproxy.windows;

import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.os.OperatingSystem;
import io.github.wslproxy.os.SafeText;
import io.github.wslproxy.windows.ToolOutput.ListeningSocket;
import io.github.wslproxy.windows.powershell.EveryShell;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Says why a port cannot be had on Windows. Java cannot tell: it turns every refusal into "Address already in use"
 * (OpenJDK net_util_md.c), also that of a range which Windows keeps for itself.
 */
public final class PortOwners {
    /** tasklist takes a second or two where a security product looks on. */
    static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final String ELSEWHERE = "let the forward listen on another port";

    /** One or two processes hold a port as a rule; tasklist is not asked about more than these. */
    private static final int MOST_HOLDERS = 4;

    /** The process under which netstat shows the listeners of drivers, HTTP.SYS among them. */
    private static final long KERNEL = 4;

    private final SystemTools tools;
    private final boolean windows;
    private final long ownPid;

    /**
     * Why a port cannot be had.
     *
     * @param cause who holds it, without a full stop
     * @param cure what to do about it: a command alone, or else words
     * @param deletes whether the cure is a command that deletes something, for which one has to be administrator
     */
    public record HeldPort(String cause, String cure, boolean deletes) {

        /** One whose cure deletes nothing. */
        public HeldPort(String cause, String cure) {
            this(cause, cure, false);
        }

        /** All of it, without a full stop. */
        public String sentence() {
            return cause + (deletes ? "; delete it as administrator with: " : ": ") + cure;
        }
    }

    /**
     * A process that listens on a port.
     *
     * @param program the name of its file, if tasklist tells it
     * @param addresses of this computer, on which it listens
     */
    private record PortHolder(long pid, Optional<String> program, List<String> addresses) {
        boolean isWslRelay() {
            return is("wslrelay.exe");
        }

        boolean isServiceHost() {
            return is("svchost.exe");
        }

        /** The service IP Helper, in some svchost.exe, listens for all portproxy rules. */
        boolean mayServeRules() {
            return isServiceHost() || program.isEmpty();
        }

        private boolean is(String file) {
            return program.filter(file::equalsIgnoreCase).isPresent();
        }

        /** {@code node.exe (pid 4321, on 127.0.0.1)}. */
        @Override
        public String toString() {
            String where = "pid " + pid + ", on " + String.join(" and ", addresses);
            return program.orElse("a process that is not named") + " (" + where + ")";
        }
    }

    PortOwners(SystemTools tools, boolean windows, long ownPid) {
        this.tools = tools;
        this.windows = windows;
        this.ownPid = ownPid;
    }

    public static PortOwners ofThisComputer() {
        return new PortOwners(
                SystemTools.ofThisComputer(TIMEOUT),
                OperatingSystem.isWindows(),
                ProcessHandle.current().pid());
    }

    /** {@link #find} in one sentence, without a full stop. */
    public Optional<String> describe(Protocol protocol, int port) {
        return find(protocol, port).map(HeldPort::sentence);
    }

    /**
     * Finds who holds the port and what to do about it; empty where that is not known, and on systems other than
     * Windows. Runs some tools, each for five seconds at most: never call it on an event loop.
     */
    public Optional<HeldPort> find(Protocol protocol, int port) {
        if (!windows) {
            return Optional.empty();
        }
        String what = protocol.name() + " port " + port + " ";
        List<ListeningSocket> sockets =
                ToolOutput.listeningSockets(tools.ask("netstat", "-ano").orElse(""));
        Optional<PortHolder> holder = holders(sockets, protocol, port).min(Comparator.comparingInt(this::rank));
        if (holder.isPresent()) {
            return Optional.of(heldBy(what, holder.get(), protocol, port));
        }
        // netstat shows a rule in force as a listener of svchost.exe; the registry is asked only where it shows
        // nothing.
        Optional<PortProxyRule> rule = sockets.isEmpty() ? rule(protocol, port) : Optional.empty();
        return excluded(what, protocol, port)
                .or(() -> rule.map(its -> ofRule(what + "is claimed by a netsh portproxy rule: ", its)));
    }

    private Stream<PortHolder> holders(List<ListeningSocket> sockets, Protocol protocol, int port) {
        Map<Long, List<String>> addresses = new LinkedHashMap<>();
        sockets.stream()
                .filter(socket -> socket.protocol() == protocol && socket.port() == port)
                .forEach(socket -> addresses
                        .computeIfAbsent(socket.pid(), pid -> new ArrayList<>())
                        .add(socket.address()));
        return addresses.entrySet().stream()
                .limit(MOST_HOLDERS)
                .map(entry -> new PortHolder(entry.getKey(), program(entry.getKey()), entry.getValue()));
    }

    private Optional<String> program(long pid) {
        return tasklist(pid).flatMap(output -> ToolOutput.program(output, pid)).map(SafeText::ascii);
    }

    private Optional<String> tasklist(long pid, String... more) {
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.addAll(List.of("/fi", ToolCommand.quoted("pid eq " + pid), "/fo", "csv", "/nh"));
        return tools.ask("tasklist", arguments.toArray(String[]::new));
    }

    /** Lowest for the likeliest reason: wslrelay.exe listens on localhost only, beside which most listeners fit. */
    private int rank(PortHolder holder) {
        if (holder.pid() == ownPid) {
            return 2;
        }
        return holder.isWslRelay() ? 1 : 0;
    }

    private HeldPort heldBy(String what, PortHolder holder, Protocol protocol, int port) {
        if (holder.pid() == ownPid) {
            return new HeldPort(
                    what + "is held by this wslproxy itself, by another forward or a listener that still closes",
                    "it is tried again");
        }
        if (holder.isWslRelay()) {
            return new HeldPort(
                    what + "of localhost is held by " + holder
                            + ", with which WSL makes localhost reach the server in WSL",
                    "let the forward listen on 0.0.0.0 or a LAN address, which have room beside it; on localhost it is"
                            + " tried again and gets the port once that server has stopped");
        }
        if (holder.pid() == KERNEL) {
            return new HeldPort(
                    what + "is held by Windows itself (pid " + holder.pid() + ")",
                    "\"netsh http show servicestate\", as administrator, shows what HTTP.SYS serves there; end that,"
                            + " or " + ELSEWHERE);
        }
        Optional<PortProxyRule> rule = holder.mayServeRules() ? rule(protocol, port) : Optional.empty();
        if (rule.isPresent()) {
            return ofRule(what + "is held by a netsh portproxy rule, which " + holder + " serves: ", rule.get());
        }
        if (holder.isServiceHost()) {
            return new HeldPort(
                    what + "is held by " + holder + services(holder.pid()), "stop what it does there, or " + ELSEWHERE);
        }
        return new HeldPort(
                what + "is held by " + holder, "end it (" + EveryShell.endProcess(holder.pid()) + "), or " + ELSEWHERE);
    }

    private String services(long pid) {
        return tasklist(pid, "/svc")
                .flatMap(output -> ToolOutput.services(output, pid))
                .map(services -> " for the service " + services)
                .orElse("");
    }

    private Optional<PortProxyRule> rule(Protocol protocol, int port) {
        return protocol == Protocol.TCP
                ? PortProxyRules.registered(tools).rules().stream()
                        .filter(rule -> rule.listenPort() == port)
                        .findFirst()
                : Optional.empty();
    }

    private static HeldPort ofRule(String cause, PortProxyRule rule) {
        return new HeldPort(cause + rule, rule.deleteCommand(), true);
    }

    private Optional<HeldPort> excluded(String what, Protocol protocol, int port) {
        for (String version : List.of("ipv4", "ipv6")) {
            Optional<PortRange> range =
                    tools
                            .ask("netsh", "interface", version, "show", "excludedportrange", "protocol=" + protocol)
                            .stream()
                            .flatMap(output -> ToolOutput.closedRanges(output).stream())
                            .filter(closed -> closed.overlaps(PortRange.of(port)))
                            .findFirst();
            if (range.isPresent()) {
                return range.map(closed -> excluded(what, closed, version, protocol, port));
            }
        }
        return Optional.empty();
    }

    private static HeldPort excluded(String what, PortRange range, String version, Protocol protocol, int port) {
        return new HeldPort(
                what + "is in the range " + range + " that Windows keeps for itself ("
                        + EveryShell.showExcludedRanges(version, protocol) + ")",
                ELSEWHERE + ", or get it back as administrator with: "
                        + EveryShell.freeExcludedPort(version, protocol, port));
    }
}
