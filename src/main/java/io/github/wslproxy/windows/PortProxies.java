package io.github.wslproxy.windows;

import io.github.wslproxy.os.OperatingSystem;

/** The portproxy rules of this computer, or of a file. Reading them needs no administrator, and wakes nothing. */
public final class PortProxies {
    private static final String KEY = "HKLM\\SYSTEM\\CurrentControlSet\\Services\\PortProxy";

    private final SystemTools tools;
    private final boolean windows;

    PortProxies(SystemTools tools, boolean windows) {
        this.tools = tools;
        this.windows = windows;
    }

    public static PortProxies ofThisComputer() {
        return new PortProxies(SystemTools.ofThisComputer(), OperatingSystem.isWindows());
    }

    /** Whether this computer can have rules at all. */
    public boolean areKnownHere() {
        return windows;
    }

    /**
     * The rules of this computer, from the registry, as netsh's own listing is localized; from that if the registry
     * names none. Blocks for seconds at worst.
     */
    public PortProxyListing list() {
        if (!windows) {
            return PortProxyListing.NONE;
        }
        PortProxyListing registered = registered();
        return registered.isEmpty()
                ? PortProxyText.read(tools.ask("netsh", "interface", "portproxy", "show", "all")
                        .orElse(""))
                : registered;
    }

    /** Of the registry alone: the values that netsh writes, {@code 0.0.0.0/3000 = 172.28.176.1/3000}. */
    PortProxyListing registered() {
        return PortProxyText.read(tools.ask("reg", "query", KEY, "/s").orElse(""));
    }

    /** The rules in a file that holds the output of reg or netsh, or a registry export; never fails. */
    public static PortProxyListing in(byte[] file) {
        return PortProxyText.read(file);
    }
}
