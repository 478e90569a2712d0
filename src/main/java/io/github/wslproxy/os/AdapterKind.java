package io.github.wslproxy.os;

import java.util.Arrays;
import java.util.regex.Pattern;

/** Where a network adapter leads, as far as its names on Windows and Linux tell. */
public enum AdapterKind {
    /** To a network outside, as no name says otherwise. */
    PHYSICAL,
    /** To virtual machines and containers, and to a network outside where the switch has an adapter of its own. */
    VIRTUAL,
    VPN;

    private static final Pattern VIRTUAL_NAMES = Pattern.compile(
            "vEthernet|Hyper-V|WSL|VirtualBox|VMware|docker|\\bbr-|\\bveth|virbr", Pattern.CASE_INSENSITIVE);

    /** The dial-up adapters of Windows' own VPN are ppp0 up to Java 20, and ppp_4 from 21 on. */
    private static final Pattern VPN_NAMES = Pattern.compile(
            "\\bvpn|vpn\\b|wireguard|tailscale|zerotier|openvpn|anyconnect|globalprotect|pangp|fortinet|fortissl|"
                    + "juniper|pulse secure|zscaler|cloudflare|warp|nordlynx|mullvad|proton|tap-windows|wintun|"
                    + "^(tun|tap|wg|ppp_?|utun|nordlynx)\\d*$",
            Pattern.CASE_INSENSITIVE);

    /** Judges an adapter by all its names. */
    public static AdapterKind of(String... names) {
        if (isAny(VIRTUAL_NAMES, names)) {
            return VIRTUAL;
        }
        return isAny(VPN_NAMES, names) ? VPN : PHYSICAL;
    }

    private static boolean isAny(Pattern pattern, String... names) {
        return Arrays.stream(names).anyMatch(name -> pattern.matcher(name).find());
    }
}
