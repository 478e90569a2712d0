package io.github.wslproxy.app;

import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.target.TargetState;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Where TCP reaches the VM: at its address, and else through the relay that WSL runs on localhost of Windows, which
 * also reaches servers that listen on localhost of the VM alone. What has worked for a port comes first for it, until
 * it fails or the VM moves. Safe for any thread.
 */
final class LocalhostFallback implements TargetSource {
    private static final List<InetAddress> LOCALHOST = List.of(IpLiteral.of("127.0.0.1"), IpLiteral.of("::1"));

    private final TargetSource vm;
    private final IntPredicate isOwnPort;
    private volatile boolean enabled;

    /** The ports that localhost comes first for. */
    private final Map<Integer, Preferred> preferred = new ConcurrentHashMap<>();

    /** @param vmAddresses where the VM was when {@code address} worked */
    private record Preferred(InetAddress address, List<InetAddress> vmAddresses) {}

    /**
     * Asks nobody yet.
     *
     * @param isOwnPort whether a status server or another wslproxy may listen on that port of localhost: clients must
     *     not be led there. Asked on event loops
     */
    LocalhostFallback(TargetSource vm, IntPredicate isOwnPort, boolean enabled) {
        this.vm = vm;
        this.isOwnPort = isOwnPort;
        this.enabled = enabled;
    }

    /** Whether localhost is tried at all. */
    void enable(boolean on) {
        enabled = on;
    }

    @Override
    public TargetState current() {
        return vm.current();
    }

    @Override
    public List<InetAddress> addresses(int port) {
        List<InetAddress> own = vm.addresses(port);
        // Where WSL shares the addresses of Windows, there is no such relay.
        if (!isTried(port)
                || !(vm.current() instanceof TargetState.Up)
                || own.stream().anyMatch(LOCALHOST::contains)) {
            return own;
        }
        List<InetAddress> all = new ArrayList<>(own);
        all.addAll(LOCALHOST);
        InetAddress first = preferredAddress(port);
        if (first != null) {
            all.remove(first);
            all.add(0, first);
        }
        return all;
    }

    @Override
    public boolean isLocalhostRelay(InetAddress address) {
        return LOCALHOST.contains(address) && !vm.current().addresses().contains(address);
    }

    @Override
    public boolean prefersLocalhost(int port) {
        return isTried(port) && preferredAddress(port) != null;
    }

    private boolean isTried(int port) {
        return enabled && !isOwnPort.test(port);
    }

    private @Nullable InetAddress preferredAddress(int port) {
        Preferred last = preferred.get(port);
        return last != null && last.vmAddresses().equals(vm.current().addresses()) ? last.address() : null;
    }

    @Override
    public void worked(InetSocketAddress where) {
        if (isLocalhostRelay(where.getAddress())) {
            preferred.put(
                    where.getPort(),
                    new Preferred(where.getAddress(), vm.current().addresses()));
        } else {
            preferred.remove(where.getPort());
            vm.worked(where);
        }
    }

    @Override
    public void failed(InetSocketAddress where) {
        vm.failed(where);
    }

    @Override
    public void connectFailed() {
        vm.connectFailed();
    }

    @Override
    public void connectFailed(int port) {
        preferred.remove(port);
        vm.connectFailed(port);
    }

    @Override
    public Duration holdTimeout() {
        return vm.holdTimeout();
    }

    @Override
    public void requestWake() {
        vm.requestWake();
    }

    @Override
    public boolean recentlyChanged() {
        return vm.recentlyChanged();
    }

    @Override
    public Runnable onChange(Consumer<TargetState> listener) {
        return vm.onChange(listener);
    }
}
