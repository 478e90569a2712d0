package io.github.wslproxy.wsl;

import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.os.LocalNetwork;
import io.github.wslproxy.target.HostAdapter;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.target.TargetState;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the Windows side of the WSL adapter among the adapters of this computer. It takes the adapter in whose network
 * the VM is: Java on Windows is not told the name that people see, and all Hyper-V switches look alike to it. While the
 * VM is stopped the last one is kept as long as it is there; before that only a name that says WSL counts.
 */
public final class WslAdapter implements HostAdapter {
    private static final Logger log = LoggerFactory.getLogger(WslAdapter.class);

    private final TargetSource vm;
    private final Supplier<List<LocalNetwork>> networks;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable LocalNetwork found;
    private volatile AdapterState state = new AdapterState(Optional.empty(), "its adapter has not been looked for yet");

    /** @param vm where the VM is */
    WslAdapter(TargetSource vm, Supplier<List<LocalNetwork>> networks) {
        this.vm = vm;
        this.networks = networks;
    }

    /**
     * Looks at nothing before {@link #refresh}.
     *
     * @param vm where the VM is
     */
    public static WslAdapter ofThisComputer(TargetSource vm) {
        return new WslAdapter(vm, LocalNetwork::ofThisComputer);
    }

    /**
     * Looks again: to be called when the VM or the adapters of this computer have changed. Reads them, so it may block.
     */
    public void refresh() {
        if (look()) {
            listeners.forEach(Runnable::run);
        }
    }

    /** @return whether the adapter differs from before */
    private synchronized boolean look() {
        TargetState now = vm.current();
        Optional<LocalNetwork> best = choose(now);
        found = best.orElse(null);
        AdapterState next =
                best.map(WslAdapter::listening).orElseGet(() -> new AdapterState(Optional.empty(), whyNowhere(now)));
        if (next.equals(state)) {
            return false;
        }
        log.debug("Windows side of WSL: {} ({})", next.address(), next.reason());
        state = next;
        return true;
    }

    private Optional<LocalNetwork> choose(TargetState now) {
        if (now instanceof TargetState.OnLan) {
            return Optional.empty();
        }
        List<LocalNetwork> usable =
                networks.get().stream().filter(WslAdapter::isUsable).toList();
        return now.address()
                .flatMap(address -> best(usable, leadsTo(address)))
                .or(() -> Optional.ofNullable(found).filter(usable::contains))
                .or(() -> best(usable, network -> WslNetworks.distance(network) == 0));
    }

    /**
     * Loopback is where a user's own relay to WSL may be, and a link-local address needs a scope to be connected to.
     */
    private static boolean isUsable(LocalNetwork network) {
        InetAddress address = network.address();
        return network.prefix() > 0 && !address.isLoopbackAddress() && !address.isLinkLocalAddress();
    }

    private static Predicate<LocalNetwork> leadsTo(InetAddress vm) {
        return network -> network.contains(vm) && !network.address().equals(vm);
    }

    private static Optional<LocalNetwork> best(List<LocalNetwork> networks, Predicate<LocalNetwork> wanted) {
        Stream<LocalNetwork> candidates = networks.stream().filter(wanted);
        return candidates.min(WslNetworks.NEAREST_FIRST);
    }

    private static AdapterState listening(LocalNetwork network) {
        return new AdapterState(Optional.of(network.address()), "the adapter of WSL is " + network);
    }

    private static String whyNowhere(TargetState now) {
        if (now instanceof TargetState.OnLan onLan) {
            return switch (onLan.mode()) {
                case "mirrored", "wsl1" ->
                    "not needed: in " + onLan.mode() + " mode 127.0.0.1 in Linux is this computer already";
                default -> "in " + onLan.mode() + " mode WSL has no adapter of its own";
            };
        }
        return now.address()
                .map(address ->
                        "no adapter of this computer is in the network of WSL, which is at " + IpLiteral.text(address))
                .orElse("the adapter of WSL is not known until WSL runs");
    }

    @Override
    public AdapterState current() {
        return state;
    }

    /**
     * Compares addresses, not networks: in bridged mode all of the LAN is in the network of the VM, and would reach
     * servers that listen on localhost only.
     */
    @Override
    public boolean isWsl(InetAddress client) {
        boolean isVm = vm.current().address().filter(client::equals).isPresent();
        LocalNetwork network = found;
        if (!isVm && network != null && network.contains(client)) {
            vm.connectFailed();
        }
        return isVm;
    }

    @Override
    public Runnable onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
