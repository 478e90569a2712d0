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
    private volatile State state = new State(Optional.empty(), "WSL has not been started");
    private volatile Optional<InetAddress> vm = Optional.empty();

    public void adapterIs(String address) {
        change(new State(Optional.of(ip(address)), "the test says so"));
    }

    public void adapterIsGone(String why) {
        change(new State(Optional.empty(), why));
    }

    public void vmIs(String address) {
        vm = Optional.of(ip(address));
    }

    private void change(State next) {
        state = next;
        listeners.forEach(Runnable::run);
    }

    @Override
    public State current() {
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
