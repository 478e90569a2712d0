package io.github.wslproxy.doctor;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.status.SampleForward;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.status.Snapshot.ForwardState;
import io.github.wslproxy.status.Snapshot.ForwardView;
import io.github.wslproxy.status.StatusAnswer;
import io.github.wslproxy.status.StatusSamples;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A proxy that runs with the configuration and listens, until the test says otherwise. */
public final class FakeProxy {
    static final long PID = 4711;
    Optional<Snapshot.Java> java = Optional.of(new Snapshot.Java("17.0.12", false, true));
    public Optional<StatusAnswer> status = Optional.empty();
    public ForwardState listening = ForwardState.LISTENING;
    public String listeningError = "";

    /** How the forward reaches its target, once somebody has come through. */
    public String via = "address";

    public String sendsTo = "172.30.98.229";

    /** What runs beside the file. */
    public List<ForwardView> beside = List.of();

    public boolean relayCounts = true;

    /** Connections of the forward before the doctor came. */
    int open;

    boolean statusEndsWithTheRelay;
    public Optional<Snapshot.LastProblem> lastProblem = Optional.empty();

    /** Of the forward, before the doctor came. */
    public Optional<Snapshot.LastProblem> problemBefore = Optional.empty();

    final AtomicInteger relayed = new AtomicInteger();
    private List<ForwardView> views = List.of();

    static ForwardView beside(String name, Snapshot.Origin origin) {
        return beside(name, origin, "", "");
    }

    /** A forward of port 5174 that runs beside the file. */
    static ForwardView beside(String name, Snapshot.Origin origin, String whyNoUrl, String clientsAllowed) {
        return SampleForward.of(name, 5174)
                .origin(origin)
                .whyNoUrl(whyNoUrl)
                .clientsAllowed(clientsAllowed)
                .view();
    }

    void hasTaken(List<Forward> forwards) {
        views = forwards.stream()
                .map(forward -> SampleForward.of(forward.name(), 1)
                        .protocol(forward.protocolWord())
                        .listen(forward.listens().stream().map(Object::toString).toList())
                        .target(forward.target().toString())
                        .state(listening, listeningError)
                        .view())
                .toList();
    }

    StatusAnswer status() {
        if (statusEndsWithTheRelay && relayed.get() > 0) {
            return new StatusAnswer.Unclear("it did not answer within 2000 ms");
        }
        if (status.isPresent()) {
            return status.get();
        }
        ForwardView[] now = Stream.concat(views.stream(), beside.stream())
                .map(this::afterwards)
                .toArray(ForwardView[]::new);
        Snapshot snapshot = StatusSamples.of(StatusSamples.target("up", sendsTo), now);
        return new StatusAnswer.Running(StatusSamples.withProcess(snapshot, PID, java, Duration.ofMinutes(125)), "");
    }

    private ForwardView afterwards(ForwardView view) {
        SampleForward forward = SampleForward.like(view)
                .counts(open, relayed.get(), 0)
                .via(relayed.get() > 0 ? via : "address")
                .lastOwnClient(relayed.get() > 0 && relayCounts ? "192.168.1.20:50002" : "192.168.1.20:40000");
        (relayed.get() == 0 ? problemBefore : lastProblem).ifPresent(forward::lastProblem);
        return forward.view();
    }
}
