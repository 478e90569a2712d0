package io.github.wslproxy.doctor;

import io.github.wslproxy.doctor.ParallelTasks.Task;
import java.util.List;
import java.util.regex.Pattern;

/** Whether a VPN is up, which may take the LAN's traffic away or keep the LAN out. */
final class VpnCheck implements Check.OfOneLink {
    /** Adapters of VPNs call themselves so on Windows and on Linux. */
    private static final Pattern VPN = Pattern.compile(
            "\\bvpn|vpn\\b|wireguard|tailscale|zerotier|openvpn|anyconnect|globalprotect|pangp|fortinet|fortissl|"
                    + "juniper|pulse secure|zscaler|cloudflare|warp|nordlynx|mullvad|proton|tap-windows|wintun|"
                    + "^(tun|tap|wg|ppp|utun|nordlynx)\\d*$",
            Pattern.CASE_INSENSITIVE);

    private final Task<List<String>> adapters;

    /** @param adapters the names of those that are up */
    VpnCheck(Task<List<String>> adapters) {
        this.adapters = adapters;
    }

    @Override
    public Finding finding() {
        return adapters.answer()
                .filter(names -> !names.isEmpty())
                .map(VpnCheck::judge)
                .orElseGet(() -> Finding.notKnown(ChainLink.VPN, "the adapters could not be listed"));
    }

    private static Finding judge(List<String> adapters) {
        List<String> vpns = adapters.stream()
                .filter(name -> VPN.matcher(name).find())
                .distinct()
                .toList();
        return vpns.isEmpty()
                ? Finding.ok(ChainLink.VPN, "no adapter that is up looks like a VPN")
                : Finding.info(
                        ChainLink.VPN,
                        "up: " + String.join(", ", vpns).replaceAll("[^ -~]", "?")
                                + "; a VPN may keep the LAN out: try without it");
    }
}
