package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.relay.Admission;
import io.github.wslproxy.relay.ClientKey;
import io.github.wslproxy.relay.ConnectionInfo;
import io.github.wslproxy.relay.FormerAddresses;
import io.github.wslproxy.relay.ListenerConfig;
import io.github.wslproxy.relay.Peer;
import io.github.wslproxy.relay.RateLimitedLog;
import io.github.wslproxy.relay.Refusal;
import io.github.wslproxy.relay.RelayContext;
import io.github.wslproxy.relay.RelayStats;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The links of one relay: reaches all of them at once, and counts and logs what becomes of clients. Safe for any
 * thread.
 */
final class TcpLinks implements FormerAddresses.Connections {
    private static final Logger log = LoggerFactory.getLogger(TcpRelay.class);
    private static final int ENDS_PER_SECOND = 20;
    private static final int REFUSALS_PER_SECOND = 5;

    private final RelayContext context;
    private final RelayStats stats;
    private final Supplier<String> name;
    private final RateLimitedLog endLog;
    private final RateLimitedLog refusalLog;
    private final Set<TcpLink> open = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean localhostTold = new AtomicBoolean();
    private volatile Runnable whenEmpty = () -> {};

    /** @param name the forward's, which an edited configuration may change */
    TcpLinks(RelayContext context, RelayStats stats, Supplier<String> name) {
        this.context = context;
        this.stats = stats;
        this.name = name;
        endLog = new RateLimitedLog(log, ENDS_PER_SECOND, context.loops().control());
        refusalLog =
                new RateLimitedLog(log, REFUSALS_PER_SECOND, context.loops().control());
    }

    RelayContext context() {
        return context;
    }

    RelayStats stats() {
        return stats;
    }

    /**
     * Takes over a client. Call it on the client's event loop.
     *
     * @param socket not read from yet
     * @param admission by which the client has entered; it leaves at the end of its link
     */
    TcpLink open(
            TcpSocket socket, InetSocketAddress address, ClientKey client, Admission admission, ListenerConfig config) {
        TcpLink link = new TcpLink(this, socket, address, client, admission, config);
        open.add(link);
        link.begin();
        return link;
    }

    void remove(TcpLink link) {
        open.remove(link);
        if (open.isEmpty()) {
            whenEmpty.run();
        }
    }

    /** Runs {@code then}, perhaps repeatedly, when there is no link. To be called once no link is added any more. */
    void whenEmpty(Runnable then) {
        whenEmpty = then;
        if (open.isEmpty()) {
            then.run();
        }
    }

    /** A client is connected to its target. */
    void countConnected(InetSocketAddress client) {
        stats.countAccepted();
        stats.noteClient(client);
        stats.noteServed(client.getAddress());
    }

    /** Says once that clients go through WSL's relay on localhost. */
    void tellLocalhost(InetSocketAddress relay) {
        if (localhostTold.compareAndSet(false, true)) {
            log.info(
                    "[{}] goes through WSL's localhost relay at {}, as nobody answers at the address of WSL: its server"
                            + " may listen on localhost only",
                    name.get(),
                    Peer.name(relay));
        }
    }

    /** Turns a client away by a reset, so that it looks to the client as if nobody listened. */
    void refuse(TcpSocket client, Refusal refusal) {
        InetSocketAddress remote = client.remoteAddress();
        stats.noteRefused(remote, refusal);
        refusalLog.warn(() -> "[" + name.get() + "] " + Peer.name(remote) + " tcp refused: " + refusal.text());
        client.reset();
    }

    /** Keeps why clients cannot be accepted as the last problem. */
    void noteProblem(String why) {
        stats.noteError(() -> why);
        refusalLog.warn("[{}] tcp {}", name.get(), why);
    }

    /** Writes the one line that a link leaves behind. */
    void logEnd(Supplier<String> summary) {
        endLog.info(() -> "[" + name.get() + "] " + summary.get());
    }

    void debug(InetSocketAddress client, String event, Object detail) {
        log.debug("[{}] {} tcp {} {}", name.get(), client, event, detail);
    }

    void targetChanged() {
        open.forEach(link -> {
            link.targetChanged();
            watchIfLeftBehind(link);
        });
    }

    /** Has the former address of a VM asked whether anybody is still there, if {@code link} leads to it. */
    void watchIfLeftBehind(TcpLink link) {
        link.formerTarget().ifPresent(former -> context.formerAddresses().watch(former, this));
    }

    @Override
    public boolean lead(InetAddress address) {
        return leftBehindAt(address).findAny().isPresent();
    }

    @Override
    public void resetTo(InetAddress address) {
        String why = "WSL is no longer at " + IpLiteral.text(address) + ", where nobody answers";
        leftBehindAt(address).forEach(link -> link.cutOff(why));
    }

    private Stream<TcpLink> leftBehindAt(InetAddress address) {
        return open.stream().filter(link -> link.formerTarget()
                .filter(former -> former.getAddress().equals(address))
                .isPresent());
    }

    /** Refuses the clients that are not connected yet. */
    void stopConnecting() {
        open.forEach(TcpLink::stopConnecting);
    }

    void cutOffAll(String why) {
        open.forEach(link -> link.cutOff(why));
    }

    CompletionStage<List<ConnectionInfo>> infos() {
        return context.loops().gather(loop -> on(loop).map(TcpLink::info));
    }

    /** Cuts off the links of a client's socket; completes with whether there were any. */
    CompletionStage<Boolean> end(InetSocketAddress client) {
        return context.loops()
                .gather(loop -> {
                    List<TcpLink> found = on(loop).filter(link -> client.equals(link.clientAddress()))
                            .toList();
                    found.forEach(link -> link.cutOff("ended by hand"));
                    return found.stream();
                })
                .thenApply(ended -> !ended.isEmpty());
    }

    private Stream<TcpLink> on(EventLoop loop) {
        return open.stream().filter(link -> link.eventLoop() == loop);
    }
}
