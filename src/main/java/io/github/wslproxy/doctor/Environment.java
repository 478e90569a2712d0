package io.github.wslproxy.doctor;

import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.status.StatusAnswer;
import io.github.wslproxy.target.WslSettings;
import io.github.wslproxy.windows.PortOwners.HeldPort;
import io.github.wslproxy.windows.firewall.FirewallState;
import io.github.wslproxy.windows.task.Account;
import io.github.wslproxy.windows.task.Autostart;
import io.github.wslproxy.wsl.GuestScan;
import io.github.wslproxy.wsl.ProbeReport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the doctor asks of the computer. An answer may take seconds. No question wakes a VM, unless {@code [wsl]
 * command} does. An answer that cannot be had is empty or says so; no method throws for what the asked programs do.
 * Safe for several threads.
 */
interface Environment {
    boolean isWindows();

    JavaCheck.JavaFacts java();

    /** What answers at the status address. */
    StatusAnswer status(InetSocketAddress address);

    /** Where WSL is, for settings without a fixed address. */
    ProbeReport probe(WslSettings settings);

    /** The distributions that are registered. */
    Optional<List<String>> distributions(WslSettings settings);

    /** Who listens inside the VM. */
    GuestScan guest(WslSettings settings);

    /** Who holds a port and what to do about it; empty where that is not known. */
    Optional<HeldPort> portOwner(Protocol protocol, int port);

    /** Whether a network adapter has an address now. */
    boolean hasAddress(InetAddress address);

    /** The addresses of a name, preferred first; empty if there are none. */
    List<InetAddress> lookUp(String name);

    /** Connects by TCP; see {@link SocketDialer#dial}. */
    SocketDialer.DialResult dial(InetSocketAddress to, Duration connect, Duration watch);

    /** Who this process runs as. */
    Account account();

    /** Whether the proxy starts at logon. */
    Autostart.AutostartState autostart();

    /** Whether this configuration is the one that was installed, and none else. */
    boolean isInstalled(Path config);

    /** The process that runs this configuration, by its lock; empty if none does, or it is not known. */
    Optional<Long> pid(Path config);

    /** What the firewall is set to. */
    Optional<FirewallState> firewall();

    /** The path of the program that runs as a process of this user. */
    Optional<String> program(long pid);

    /** The names of the network adapters that are up and have an address. */
    List<String> adapters();

    /** The address at which the LAN most likely knows this computer. */
    Optional<InetAddress> lanAddress();
}
