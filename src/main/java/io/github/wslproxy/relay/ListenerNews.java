package io.github.wslproxy.relay;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.Protocol;
import java.net.InetSocketAddress;

/** What the log hears of one listener: each change once, and not each attempt. Called on its event loop. */
final class ListenerNews {
    private final QuietLog log;
    private final String forward;
    private final String where;
    private final boolean forWsl;
    private final Protocol protocol;
    private boolean closedTold;
    private boolean failureTold;

    ListenerNews(QuietLog log, Forward forward, Protocol protocol, Route route) {
        this.log = log;
        this.forward = forward.name();
        this.protocol = protocol;
        this.where = route.where();
        this.forWsl = route.host() instanceof Host.Wsl;
    }

    /** As a rule that goes without saying; where it is new or not known from the configuration it does not. */
    void listens(InetSocketAddress bound) {
        if (forWsl) {
            log.info("forward \"{}\" listens for WSL on {} {}", forward, protocol, Peer.name(bound));
        } else if (failureTold) {
            log.info("forward \"{}\" now listens on {} {}", forward, protocol, where);
        }
        failureTold = false;
        closedTold = false;
    }

    /** A reason that alone changes, as while WSL ends, is for the status only. */
    void staysClosed(String reason) {
        if (!closedTold) {
            closedTold = true;
            log.info("forward \"{}\" does not listen on {} {}: {}", forward, protocol, where, reason);
        }
    }

    void cannotListen(String error) {
        failureTold = true;
        closedTold = false;
        log.warn("forward \"{}\" cannot listen on {} {}: {}; trying again", forward, protocol, where, error);
    }

    void listensNoLonger(String error) {
        failureTold = true;
        log.warn("forward \"{}\" no longer listens on {} {}: {}", forward, protocol, where, error);
    }

    /**
     * May be called from any thread.
     *
     * @param who holds the port, in a sentence
     */
    void portIsHeld(String who) {
        log.warn("forward \"{}\" {} {}: {}", forward, protocol, where, who);
    }
}
