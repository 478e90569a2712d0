package io.github.wslproxy.relay;

import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.os.Fault;
import java.net.InetSocketAddress;
import java.util.function.Supplier;

/**
 * What the status and the log tell of one listener: the status how it is now, the log each change once and not each
 * attempt. Safe for any thread.
 */
final class ListenerReport {
    private final RelayContext context;
    private final RateLimitedLog log;
    private final Protocol protocol;
    private final Supplier<ListenerConfig> config;
    private volatile ListenerStatus status;
    private String owner = "";
    private boolean closedTold;
    private boolean failureTold;

    /** @param config what the listener is for now */
    ListenerReport(RelayContext context, Protocol protocol, Supplier<ListenerConfig> config) {
        this.context = context;
        this.log = context.listenerLog();
        this.protocol = protocol;
        this.config = config;
        this.status = new ListenerStatus.NotOpen(where(), "not opened yet");
    }

    ListenerStatus status() {
        return status;
    }

    /** Logs it only after a failure, or where WSL decides the address and the configuration does not show it. */
    synchronized void listens(InetSocketAddress bound) {
        status = new ListenerStatus.Listening(where(), bound);
        if (config.get().mapping().host() instanceof Host.Wsl) {
            log.info("forward \"{}\" listens for WSL on {} {}", forward(), protocol, Peer.name(bound));
        } else if (failureTold) {
            log.info("forward \"{}\" now listens on {} {}", forward(), protocol, where());
        }
        owner = "";
        failureTold = false;
        closedTold = false;
    }

    /** Logs the first reason only; later ones, as while WSL ends, are in the status. */
    synchronized void staysClosed(String reason) {
        status = new ListenerStatus.NotOpen(where(), reason);
        if (!closedTold) {
            closedTold = true;
            log.info("forward \"{}\" does not listen on {} {}: {}", forward(), protocol, where(), reason);
        }
    }

    void isOpenedAnew() {
        status = new ListenerStatus.NotOpen(where(), "is being opened anew");
    }

    void stopped() {
        status = new ListenerStatus.NotOpen(where(), "stopped");
    }

    /** Its address is no longer there. */
    synchronized void listensNoLonger(String error) {
        status = new ListenerStatus.Failed(where(), error);
        failureTold = true;
        log.warn("forward \"{}\" no longer listens on {} {}: {}", forward(), protocol, where(), error);
    }

    /**
     * Could not be opened, or was lost, and is tried again.
     *
     * @param isNew whether it has listened, or been closed on purpose, since it failed last
     */
    synchronized void cannotListen(String error, boolean isNew) {
        status = new ListenerStatus.Failed(where(), error + owner);
        if (isNew) {
            failureTold = true;
            closedTold = false;
            log.warn("forward \"{}\" cannot listen on {} {}: {}; trying again", forward(), protocol, where(), error);
            context.loops().owners().execute(() -> Fault.contain(() -> askForOwner(error), this::ownerNotKnown));
        }
    }

    /** Runs on a thread that may block, since asking who holds the port may. */
    private void askForOwner(String error) {
        int port = config.get().mapping().listenPort();
        context.portOwner().describe(protocol, port).ifPresent(who -> {
            log.warn("forward \"{}\" {} {}: {}", forward(), protocol, where(), who);
            addOwner(error, who);
        });
    }

    /** It may listen by now, or fail for another reason. */
    private synchronized void addOwner(String error, String who) {
        if (status.equals(new ListenerStatus.Failed(where(), error))) {
            owner = "; " + who;
            cannotListen(error, false);
        }
    }

    private void ownerNotKnown(Throwable failure) {
        log.warn(
                "forward \"{}\" {} {}: who holds the port cannot be told: {}",
                forward(),
                protocol,
                where(),
                Fault.line(failure));
    }

    private String forward() {
        return config.get().forward().name();
    }

    private String where() {
        return config.get().mapping().where();
    }
}
