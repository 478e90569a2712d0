package io.github.wslproxy.wsl;

import io.github.wslproxy.os.LocalNetwork;
import io.github.wslproxy.wsl.ProbeFailure.Kind;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The script that is run inside the VM, in one call, and the meaning of its output: the networking mode, a marker, the
 * addresses; and, if asked for, who listens and which other commands of Windows run there.
 *
 * <p>The script has no double quotes and no backslashes, so that it passes CommandLineToArgvW unchanged. BusyBox
 * (Alpine) and GNU inetutils (Arch) have a {@code hostname} without {@code -I}, minimal images have none and perhaps no
 * {@code ip}; {@code /proc} is always there, cut down because the whole may be longer than we read.
 */
final class GuestScript {
    private static final String MARKER = "--addresses--";

    static final String TEXT = "/bin/wslinfo --networking-mode 2>/dev/null || echo nat; echo " + MARKER + "; "
            + "hostname -I 2>/dev/null || ip -4 -o addr show scope global 2>/dev/null"
            + " || grep -B1 LOCAL /proc/net/fib_trie 2>/dev/null || cat /proc/net/fib_trie";

    private static final String SOCKETS = "--sockets--";
    private static final String BY_PROC = "--proc--";
    private static final String SESSIONS = "--sessions--";

    /**
     * The script reads {@code /proc}, as minimal systems have no {@code ss}. It takes the listeners alone, since the
     * whole table may be long: they have no peer, and state 0A (TCP) or 07 (UDP); each line begins with the name of its
     * file.
     *
     * <p>Without grep, or a table it can read, the end mark is missing. WSL's init keeps a process for each command
     * that Windows runs. It is named after the process of that command, {@code Relay(343)}, and lives as long
     * (init.cpp, CreateProcessUtilityVm); {@code $$} is the one of this script.
     */
    private static final String WITH_SOCKETS = TEXT + "; echo " + SOCKETS
            + "; if grep -q local_address /proc/net/tcp 2>/dev/null; then grep -H -e :0000.0A -e :0000.07"
            + " /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6 2>/dev/null; echo "
            + BY_PROC + "; fi; echo " + SESSIONS + " $$; grep -h ^Relay. /proc/[0-9]*/comm 2>/dev/null; "
            + "exit 0";

    private static final Pattern OWN = Pattern.compile("^\\s*(\\d+)");
    private static final Pattern RELAY = Pattern.compile("Relay\\((\\d+)\\)");

    private final String mode;
    private final Set<InetAddress> addresses;
    private final Optional<List<GuestSocket>> sockets;
    private final boolean heldByAnother;

    static String text(boolean withSockets) {
        return withSockets ? WITH_SOCKETS : TEXT;
    }

    /** @param output of {@link #text}; without the marker all of it is read as addresses and the mode is unknown */
    GuestScript(String output) {
        String found = upTo(SOCKETS, output);
        int marker = found.indexOf(MARKER);
        mode = marker < 0 ? "unknown" : found.substring(0, marker).strip();
        addresses = AddressOutput.addresses(marker < 0 ? found : found.substring(marker + MARKER.length()));
        String listing = upTo(SESSIONS, after(SOCKETS, output));
        sockets = listing.contains(BY_PROC)
                ? Optional.of(listing.lines()
                        .flatMap(line -> ProcNetTables.listener(line).stream())
                        .distinct()
                        .toList())
                : Optional.empty();
        heldByAnother = isHeldByAnother(after(SESSIONS, output));
    }

    private static String upTo(String mark, String text) {
        int at = text.indexOf(mark);
        return at < 0 ? text : text.substring(0, at);
    }

    private static String after(String mark, String text) {
        int at = text.indexOf(mark);
        return at < 0 ? "" : text.substring(at + mark.length());
    }

    /** The processes prove nothing unless that of this script is among them: an older WSL gives them no names. */
    private static boolean isHeldByAnother(String sessions) {
        Optional<String> own = OWN.matcher(sessions).results().findFirst().map(found -> found.group(1));
        List<String> relays = RELAY.matcher(sessions)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
        return own.filter(relays::contains).isPresent() && relays.stream().anyMatch(pid -> !pid.equals(own.get()));
    }

    /** The networking mode as {@code wslinfo} prints it: nat, mirrored, bridged and so on. */
    String mode() {
        return mode;
    }

    /** Who listens; empty if it was not asked or could not be read. */
    Optional<List<GuestSocket>> sockets() {
        return sockets;
    }

    /**
     * Whether another command that Windows runs in the distribution was seen, such as an open terminal, which keeps the
     * distribution awake.
     */
    boolean isHeldByAnother() {
        return heldByAnother;
    }

    /**
     * Says where the VM is. A mode that is known to share the addresses of Windows decides; for every other mode, also
     * one that a later WSL invents, the addresses decide. A WSL without wslinfo is older than the other modes, so its
     * mode is NAT.
     *
     * @param inUse where the VM was until now
     */
    ProbeReport report(Supplier<List<LocalNetwork>> networks, Optional<InetAddress> inUse) {
        return switch (mode) {
            case "mirrored", "virtioproxy", "consomme", "wsl1" ->
                AddressChoice.onLan(mode, "the networking mode says so");
            case "none" -> noAddress("the networking mode is \"none\"", "set networkingMode=nat in .wslconfig");
            default ->
                addresses.isEmpty()
                        ? noAddress("the VM has no address yet", "if it stays so, restart WSL: wsl --shutdown")
                        : AddressChoice.of(addresses, networks.get(), inUse);
        };
    }

    private static ProbeReport noAddress(String detail, String advice) {
        return ProbeReport.failed(ProbeFailure.of(Kind.NO_ADDRESS, detail).advising(advice));
    }
}
