package io.github.wslproxy.wsl;

import io.github.wslproxy.wsl.ProbeFailure.Kind;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/**
 * What is run inside the VM, in one call, and what its output means: the networking mode, a marker, the addresses.
 *
 * <p>The script has no double quotes and no backslashes, so that it passes CommandLineToArgvW unchanged. BusyBox (Alpine)
 * and GNU inetutils (Arch) have a {@code hostname} without {@code -I}, minimal images have none and perhaps no {@code ip};
 * {@code /proc} is always there, cut down because the whole may be longer than we read.
 */
final class GuestScript {
    private static final String MARKER = "--addresses--";

    static final String TEXT = "/bin/wslinfo --networking-mode 2>/dev/null || echo nat; echo " + MARKER + "; "
            + "hostname -I 2>/dev/null || ip -4 -o addr show scope global 2>/dev/null"
            + " || grep -B1 LOCAL /proc/net/fib_trie 2>/dev/null || cat /proc/net/fib_trie";

    private final String mode;
    private final Set<InetAddress> addresses;

    /** @param output of {@link #TEXT}; without the marker all of it is read as addresses and the mode is unknown */
    GuestScript(String output) {
        int marker = output.indexOf(MARKER);
        this.mode = marker < 0 ? "unknown" : output.substring(0, marker).strip();
        this.addresses = AddressOutput.addresses(marker < 0 ? output : output.substring(marker + MARKER.length()));
    }

    /**
     * The mode decides where it is known to share the addresses of Windows; for every other, also one that a later WSL
     * invents, the addresses decide. Without wslinfo, which is older than the other modes, it is NAT.
     */
    Answer answer(LocalNetworks networks) {
        return switch (mode) {
            case "mirrored", "virtioproxy", "consomme", "wsl1" ->
                new Answer(AddressChoice.onLan(mode, "the networking mode says so"), List.of());
            case "none" -> failed("the networking mode is \"none\"", "set networkingMode=nat in .wslconfig");
            default -> addresses.isEmpty() ? noAddress() : chosen(networks);
        };
    }

    /** An outcome, and the addresses that were not taken. */
    record Answer(ProbeOutcome outcome, List<ProbeStep> rejected) {}

    private Answer chosen(LocalNetworks networks) {
        AddressChoice choice = new AddressChoice(addresses, networks.list());
        return new Answer(choice.outcome(), choice.steps());
    }

    private static Answer noAddress() {
        return failed("the VM has no address yet", "if it stays so, restart WSL: wsl --shutdown");
    }

    private static Answer failed(String detail, String advice) {
        return new Answer(new ProbeOutcome.Failed(new ProbeFailure(Kind.NO_ADDRESS, detail, advice)), List.of());
    }
}
