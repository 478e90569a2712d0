package io.github.wslproxy.relay;

import io.github.wslproxy.os.Fault;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.Protocol;
import java.net.InetSocketAddress;
import java.util.function.Supplier;

/** What the log hears of one listener: each change once, and not each attempt. Called on its event loop. */
final class ListenerNews {
    private final RateLimitedLog log;
    private final Protocol protocol;
    private final Supplier<ListenerConfig> duty;
    private boolean closedTold;
    private boolean failureTold;

    /** @param duty what the listener is for now */
    ListenerNews(RateLimitedLog log, Protocol protocol, Supplier<ListenerConfig> duty) {
        this.log = log;
        this.protocol = protocol;
        this.duty = duty;
    }

    private String forward() {
        return duty.get().forward().name();
    }

    private String where() {
        return duty.get().mapping().where();
    }

    /** As a rule that goes without saying; where it is new or not known from the configuration it does not. */
    void listens(InetSocketAddress bound) {
        if (duty.get().mapping().host() instanceof Host.Wsl) {
            log.info("forward \"{}\" listens for WSL on {} {}", forward(), protocol, Peer.name(bound));
        } else if (failureTold) {
            log.info("forward \"{}\" now listens on {} {}", forward(), protocol, where());
        }
        failureTold = false;
        closedTold = false;
    }

    /** A reason that alone changes, as while WSL ends, is for the status only. */
    void staysClosed(String reason) {
        if (!closedTold) {
            closedTold = true;
            log.info("forward \"{}\" does not listen on {} {}: {}", forward(), protocol, where(), reason);
        }
    }

    void cannotListen(String error) {
        failureTold = true;
        closedTold = false;
        log.warn("forward \"{}\" cannot listen on {} {}: {}; trying again", forward(), protocol, where(), error);
    }

    void listensNoLonger(String error) {
        failureTold = true;
        log.warn("forward \"{}\" no longer listens on {} {}: {}", forward(), protocol, where(), error);
    }

    /** May be called from any thread. */
    void ownerNotKnown(Throwable failure) {
        log.warn(
                "forward \"{}\" {} {}: who holds the port cannot be told: {}",
                forward(),
                protocol,
                where(),
                Fault.line(failure));
    }

    /**
     * May be called from any thread.
     *
     * @param who holds the port, in a sentence
     */
    void portIsHeld(String who) {
        log.warn("forward \"{}\" {} {}: {}", forward(), protocol, where(), who);
    }
}
