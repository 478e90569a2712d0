package io.github.wslproxy.doctor;

import io.github.wslproxy.forward.Durations;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.relay.Peer;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.status.StatusAnswer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Whether a proxy runs, and with this configuration. */
final class RunningCheck implements Check.OfOneLink {
    private final RunningProxy proxy;
    private final Optional<InetSocketAddress> listen;
    private final List<Forward> forwards;
    private final Supplier<String> start;
    private final Optional<Long> pid;

    /**
     * A check whose answers are there.
     *
     * @param start the command that starts the proxy; asked for only if it is needed, since it may take time
     * @param pid of the process that runs this configuration, known by its lock
     */
    RunningCheck(RunningProxy proxy, List<Forward> forwards, Supplier<String> start, Optional<Long> pid) {
        this.proxy = proxy;
        this.listen = proxy.settings().listen();
        this.forwards = forwards;
        this.start = start;
        this.pid = pid;
    }

    @Override
    public Finding finding() {
        if (listen.isEmpty()) {
            String off = "[status] listen is off, so ";
            return pid.map(known ->
                            Finding.ok(ChainLink.RUNNING, "wslproxy, pid " + known + "; " + off + "it tells no more"))
                    .orElseGet(() -> Finding.notKnown(ChainLink.RUNNING, off + "a proxy that runs cannot be asked"));
        }
        String where = Peer.name(listen.get());
        if (proxy.answer().isEmpty()) {
            return Finding.notKnown(ChainLink.RUNNING, "no answer in time from " + where);
        }
        if (proxy.answer().get() instanceof StatusAnswer.Unclear unclear) {
            return Finding.notKnown(ChainLink.RUNNING, "somebody listens on " + where + ", but " + unclear.what())
                    .noting("if that is another program, choose another port for listen in [status]");
        }
        return proxy.snapshot()
                .map(this::running)
                .orElseGet(() -> Finding.broken(
                        ChainLink.RUNNING, "wslproxy is not running: nobody listens on " + where, start.get()));
    }

    private Finding running(Snapshot snapshot) {
        if (pid.isPresent() && pid.get() != snapshot.pid()) {
            return Finding.notKnown(
                            ChainLink.RUNNING,
                            "wslproxy, pid " + pid.get() + "; the status address is that of another one, pid "
                                    + snapshot.pid() + ", so it tells no more")
                    .noting("give each configuration a listen of its own in [status]");
        }
        String who = "wslproxy " + snapshot.version() + ", pid " + snapshot.pid();
        Optional<Forward> other = forwards.stream()
                .filter(forward -> proxy.view(forward).isEmpty())
                .findFirst();
        if (!snapshot.configError().isEmpty()) {
            return Finding.broken(
                            ChainLink.RUNNING,
                            who + " runs with the configuration before its last edit: " + snapshot.configError(),
                            "correct that line")
                    .noting("wslproxy takes a valid edit within two seconds");
        }
        if (other.isPresent() && pid.isPresent()) {
            return Finding.notKnown(
                    ChainLink.RUNNING,
                    who + " has not taken the edited file yet: \"" + other.get().name()
                            + "\" is not in what runs, or not as the file has it now");
        }
        if (other.isPresent()) {
            return Finding.broken(
                            ChainLink.RUNNING,
                            who + " runs with another configuration: \""
                                    + other.get().name() + "\" is not in it, or not as the file has it now",
                            start.get())
                    .noting("two at once need a listen of their own in [status]; otherwise end pid " + snapshot.pid());
        }
        return Finding.ok(
                ChainLink.RUNNING,
                who + ", up for "
                        + Durations.format(Duration.ofSeconds(snapshot.uptime().toSeconds())));
    }
}
