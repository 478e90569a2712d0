package io.github.wslproxy.relay;

import static io.github.wslproxy.testing.Forwards.ip;

import io.github.wslproxy.target.HostAdapter;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A WSL whose adapter comes, moves and goes when a test says so. */
public final class FakeHostAdapter implements HostAdapter {
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile AdapterState state = new AdapterState(Optional.empty(), "WSL has not been started");
    private volatile Optional<InetAddress> vm = Optional.empty();

    public void adapterIs(String address) {
        change(new AdapterState(Optional.of(ip(address)), "the test says so"));
    }

    public void adapterIsGone(String why) {
        change(new AdapterState(Optional.empty(), why));
    }

    public void vmIs(String address) {
        vm = Optional.of(ip(address));
    }

    private void change(AdapterState next) {
        state = next;
        listeners.forEach(Runnable::run);
    }

    @Override
    public AdapterState current() {
        return state;
    }

    @Override
    public boolean isWsl(InetAddress client) {
        return vm.filter(client::equals).isPresent();
    }

    @Override
    public Runnable onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
