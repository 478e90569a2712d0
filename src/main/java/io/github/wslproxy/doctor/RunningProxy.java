package io.github.wslproxy.doctor;

import io.github.wslproxy.config.StatusSettings;
import io.github.wslproxy.forward.DurationWords;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.relay.Peer;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.status.Snapshot.ForwardView;
import io.github.wslproxy.status.StatusAnswer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Whether a proxy runs, and with this configuration. */
final class RunningProxy {
    private final StatusSettings settings;
    private final Optional<StatusAnswer> answer;

    /** @param answer empty if nobody could be asked, or the answer did not come in time */
    RunningProxy(StatusSettings settings, Optional<StatusAnswer> answer) {
        this.settings = settings;
        this.answer = answer;
    }

    /** How the proxy stands; empty unless it is known that it runs. */
    Optional<Snapshot> snapshot() {
        return answer.flatMap(one ->
                one instanceof StatusAnswer.Running running ? Optional.of(running.snapshot()) : Optional.empty());
    }

    /** Whether it is known that none runs. */
    boolean isAbsent() {
        return answer.filter(StatusAnswer.Nobody.class::isInstance).isPresent();
    }

    /** How a forward stands, if the proxy has it as the configuration asks for it. */
    Optional<ForwardView> view(Forward forward) {
        return snapshot().stream()
                .flatMap(snapshot -> snapshot.forwards().stream())
                .filter(view -> isSame(view, forward))
                .findFirst();
    }

    private static boolean isSame(ForwardView view, Forward forward) {
        return view.name().equals(forward.name())
                && view.protocol().equals(forward.protocolWord())
                && view.target().equals(forward.target().toString())
                && view.listen()
                        .equals(forward.listens().stream()
                                .map(Endpoint::toString)
                                .toList());
    }

    /**
     * Whether it runs.
     *
     * @param start the command that starts it
     * @param pid of the process that runs this configuration, for one that cannot be asked
     */
    Finding finding(List<Forward> forwards, String start, Supplier<Optional<Long>> pid) {
        if (settings.listen().isEmpty()) {
            String off = "[status] listen is off, so ";
            return pid.get()
                    .map(known ->
                            Finding.ok(ChainLink.RUNNING, "wslproxy, pid " + known + "; " + off + "it tells no more"))
                    .orElseGet(() -> Finding.notKnown(ChainLink.RUNNING, off + "a proxy that runs cannot be asked"));
        }
        String where = Peer.name(settings.listen().get());
        if (answer.isEmpty()) {
            return Finding.notKnown(ChainLink.RUNNING, "no answer in time from " + where);
        }
        if (answer.get() instanceof StatusAnswer.Unclear unclear) {
            return Finding.notKnown(ChainLink.RUNNING, "somebody listens on " + where + ", but " + unclear.what())
                    .noting("if that is another program, choose another port for listen in [status]");
        }
        return snapshot()
                .map(snapshot -> running(snapshot, forwards, start, pid.get()))
                .orElseGet(() -> Finding.broken(
                        ChainLink.RUNNING, "wslproxy is not running: nobody listens on " + where, start));
    }

    private Finding running(Snapshot snapshot, List<Forward> forwards, String start, Optional<Long> pid) {
        if (pid.isPresent() && pid.get() != snapshot.pid()) {
            return Finding.notKnown(
                            ChainLink.RUNNING,
                            "wslproxy, pid " + pid.get() + "; the status address is that of another one, pid "
                                    + snapshot.pid() + ", so it tells no more")
                    .noting("give each configuration a listen of its own in [status]");
        }
        String who = "wslproxy " + snapshot.version() + ", pid " + snapshot.pid();
        Optional<Forward> other =
                forwards.stream().filter(forward -> view(forward).isEmpty()).findFirst();
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
                            start)
                    .noting("two at once need a listen of their own in [status]; otherwise end pid " + snapshot.pid());
        }
        return Finding.ok(
                ChainLink.RUNNING,
                who + ", up for "
                        + DurationWords.of(Duration.ofSeconds(snapshot.uptime().toSeconds())));
    }
}
