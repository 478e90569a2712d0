package io.github.wslproxy.doctor;

import io.github.wslproxy.config.Settings.StatusSettings;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.status.Snapshot.ForwardView;
import io.github.wslproxy.status.StatusAnswer;
import io.github.wslproxy.status.StatusClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Waits for a client from another computer, and not from the VM, to come to a forward of the running proxy, whose
 * status it asks.
 */
public final class PhoneTest {
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Forward forward;
    private final StatusSettings settings;
    private final Supplier<Optional<StatusAnswer>> status;
    private final Duration pause;

    /** What became of the waiting. */
    public sealed interface PhoneOutcome {

        /** A client came in. */
        record Arrived(String address) implements PhoneOutcome {}

        /**
         * A client came as far as wslproxy, and no further.
         *
         * @param cure what to do about it; empty where somebody has to look first
         */
        record Refused(String address, String why, String cure) implements PhoneOutcome {}

        /** None came. */
        record Nobody() implements PhoneOutcome {}
    }

    /** A test of {@code forward} that has not begun. */
    public PhoneTest(StatusSettings settings, Forward forward) {
        this(settings, forward, () -> settings.listen().map(address -> new StatusClient(address).ask()), PAUSE);
    }

    PhoneTest(StatusSettings settings, Forward forward, Supplier<Optional<StatusAnswer>> status, Duration pause) {
        this.settings = settings;
        this.forward = forward;
        this.status = status;
        this.pause = pause;
    }

    /** Whether the proxy runs and the forward listens, so that a client can arrive. */
    public boolean isReady() {
        return view().filter(view -> view.state() == Snapshot.ForwardState.LISTENING)
                .isPresent();
    }

    /**
     * Blocks until a client has come in, or until {@code patience} is over. One that was refused does not end it at
     * once: a phone that tries again may get in.
     *
     * @throws InterruptedException if interrupted
     */
    public PhoneOutcome await(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        // A client that came before the waiting began does not count. The proxy has the clock of this computer.
        Instant began = Instant.now();
        PhoneOutcome seen = new PhoneOutcome.Nobody();
        while (true) {
            seen = newest(began).orElse(seen);
            if (seen instanceof PhoneOutcome.Arrived || System.nanoTime() - end >= 0) {
                return seen;
            }
            Thread.sleep(pause.toMillis());
        }
    }

    private Optional<PhoneOutcome> newest(Instant since) {
        RunningProxy proxy = new RunningProxy(settings, status.get());
        // A client with the address of the VM is a program in it, and no phone.
        Optional<String> vm = proxy.snapshot().map(Snapshot::target).map(Snapshot.Target::address);
        return proxy.view(forward)
                .flatMap(ForwardView::lastClient)
                .filter(client -> !client.at().isBefore(since))
                .filter(client -> vm.filter(client.address()::equals).isEmpty())
                .map(client -> client.refusal().isEmpty()
                        ? new PhoneOutcome.Arrived(client.address())
                        : new PhoneOutcome.Refused(client.address(), client.refusal(), client.cure()));
    }

    private Optional<ForwardView> view() {
        return new RunningProxy(settings, status.get()).view(forward);
    }
}
