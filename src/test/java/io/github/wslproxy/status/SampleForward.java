package io.github.wslproxy.status;

import io.github.wslproxy.status.Snapshot.ClientView;
import io.github.wslproxy.status.Snapshot.ForwardState;
import io.github.wslproxy.status.Snapshot.ForwardView;
import io.github.wslproxy.status.Snapshot.LastClient;
import io.github.wslproxy.status.Snapshot.LastProblem;
import io.github.wslproxy.status.Snapshot.Origin;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A forward to show, of which a test says only what matters to it; the rest is as in one that nobody has used yet. */
public final class SampleForward {
    private String name;
    private String protocol = "tcp";
    private List<String> listen;
    private String target;
    private String resolved = "";
    private ForwardState state = ForwardState.LISTENING;
    private String error = "";
    private long open;
    private long accepted;
    private long refused;
    private long bytesIn;
    private long bytesOut;
    private Optional<LastProblem> lastProblem = Optional.empty();
    private Optional<LastClient> lastClient = Optional.empty();
    private String lastOwnClient = "";
    private Origin origin = Origin.FILE;
    private Optional<Instant> endsAt = Optional.empty();
    private List<String> urls = List.of();
    private List<ClientView> clients = List.of();
    private String toml = "";
    private String whyNoUrl = "";
    private String clientsAllowed = "";
    private String via = "address";

    private SampleForward(String name, List<String> listen, String target) {
        this.name = name;
        this.listen = listen;
        this.target = target;
    }

    /** One of a port on every address, which leads to the port of the same number in WSL. */
    public static SampleForward of(String name, int port) {
        return new SampleForward(name, List.of("*:" + port), "wsl:" + port);
    }

    /** One that differs from another one. */
    public static SampleForward like(ForwardView view) {
        SampleForward like = new SampleForward(view.name(), view.listen(), view.target())
                .protocol(view.protocol())
                .resolved(view.resolved())
                .state(view.state(), view.error())
                .counts(view.open(), view.accepted(), view.refused())
                .bytes(view.bytesIn(), view.bytesOut())
                .lastOwnClient(view.lastOwnClient())
                .origin(view.origin())
                .urls(view.urls())
                .clients(view.clients())
                .toml(view.toml())
                .whyNoUrl(view.whyNoUrl())
                .clientsAllowed(view.clientsAllowed())
                .via(view.via());
        like.lastProblem = view.lastProblem();
        like.lastClient = view.lastClient();
        like.endsAt = view.endsAt();
        return like;
    }

    public ForwardView view() {
        return new ForwardView(
                name,
                protocol,
                listen,
                target,
                resolved,
                state,
                error,
                open,
                accepted,
                refused,
                bytesIn,
                bytesOut,
                lastProblem.map(LastProblem::withTime).orElse(""),
                lastProblem,
                lastClient,
                lastOwnClient,
                origin,
                endsAt,
                urls,
                clients,
                toml,
                whyNoUrl,
                clientsAllowed,
                via);
    }

    public SampleForward named(String other) {
        name = other;
        return this;
    }

    public SampleForward protocol(String word) {
        protocol = word;
        return this;
    }

    public SampleForward listen(List<String> endpoints) {
        listen = endpoints;
        return this;
    }

    public SampleForward target(String endpoint) {
        target = endpoint;
        return this;
    }

    public SampleForward resolved(String endpoint) {
        resolved = endpoint;
        return this;
    }

    public SampleForward state(ForwardState other, String why) {
        state = other;
        error = why;
        return this;
    }

    public SampleForward counts(long openNow, long acceptedSoFar, long refusedSoFar) {
        open = openNow;
        accepted = acceptedSoFar;
        refused = refusedSoFar;
        return this;
    }

    public SampleForward bytes(long in, long out) {
        bytesIn = in;
        bytesOut = out;
        return this;
    }

    public SampleForward lastProblem(LastProblem problem) {
        lastProblem = Optional.of(problem);
        return this;
    }

    public SampleForward lastClient(LastClient client) {
        lastClient = Optional.of(client);
        return this;
    }

    public SampleForward lastOwnClient(String client) {
        lastOwnClient = client;
        return this;
    }

    public SampleForward origin(Origin other) {
        origin = other;
        return this;
    }

    public SampleForward sharedUntil(Instant end) {
        endsAt = Optional.of(end);
        return origin(Origin.SHARE);
    }

    public SampleForward urls(List<String> likeliestFirst) {
        urls = likeliestFirst;
        return this;
    }

    public SampleForward clients(List<ClientView> connected) {
        clients = connected;
        return this;
    }

    public SampleForward toml(String lines) {
        toml = lines;
        return this;
    }

    public SampleForward whyNoUrl(String why) {
        whyNoUrl = why;
        return this;
    }

    public SampleForward via(String way) {
        via = way;
        return this;
    }

    public SampleForward clientsAllowed(String words) {
        clientsAllowed = words;
        return this;
    }
}
