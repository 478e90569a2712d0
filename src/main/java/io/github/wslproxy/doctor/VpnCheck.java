package io.github.wslproxy.doctor;

import io.github.wslproxy.doctor.ParallelTasks.Task;
import io.github.wslproxy.os.AdapterKind;
import java.util.List;

/** Whether a VPN is up, which may take the LAN's traffic away or keep the LAN out. */
final class VpnCheck implements Check.OfOneLink {
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
                .filter(name -> AdapterKind.of(name) == AdapterKind.VPN)
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
