package io.github.wslproxy.doctor;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.status.Snapshot.ForwardView;
import io.github.wslproxy.status.Snapshot.State;
import java.util.Optional;

/** Whether a forward listens, and if not, who holds its port. */
final class ListeningCheck {
    /** Before the command, where a portproxy rule holds the port: see {@code PortOwners}. */
    private static final String DELETE = "; delete it as administrator with: ";

    private final Forward forward;
    private final RunningProxy proxy;
    private final boolean windows;

    ListeningCheck(Forward forward, RunningProxy proxy, boolean windows) {
        this.forward = forward;
        this.proxy = proxy;
        this.windows = windows;
    }

    /** Whether it is worth asking who holds the port: nobody of ours listens there. */
    boolean isOwnerNeeded() {
        Optional<ForwardView> view = proxy.view(forward);
        return view.isPresent() ? view.get().state() == State.FAILED : proxy.isAbsent();
    }

    /** @param owner of the port: the cause, a colon, the cure; empty if it was not asked for or is not known */
    Finding finding(Optional<String> owner) {
        Optional<ForwardView> view = proxy.view(forward);
        if (view.isEmpty()) {
            return unseen(owner);
        }
        return switch (view.get().state()) {
            case LISTENING ->
                Finding.ok(Link.LISTENING, String.join(" ", view.get().listen()));
            case WAITING -> waiting(view.get().error());
            case PAUSED ->
                Finding.broken(Link.LISTENING, "it is paused, by hand", "wslproxy resume NAME")
                        .noting("with the name of the forward; a restart of wslproxy resumes it, too");
            case FAILED -> failed(view.get().error(), owner);
        };
    }

    private Finding unseen(Optional<String> owner) {
        if (!proxy.isAbsent()) {
            String why = proxy.snapshot().isPresent()
                    ? "the running wslproxy has another configuration"
                    : "wslproxy could not be asked";
            return Finding.skipped(Link.LISTENING, why);
        }
        return owner.map(held -> held("", held))
                .orElseGet(() -> Finding.skipped(Link.LISTENING, "wslproxy is not running"));
    }

    private static Finding waiting(String reason) {
        return reason.contains("not needed")
                ? Finding.info(Link.LISTENING, reason)
                : Finding.notKnown(Link.LISTENING, reason);
    }

    private Finding failed(String error, Optional<String> owner) {
        if (owner.isPresent()) {
            return held(withoutOwner(error) + "; ", owner.get());
        }
        if (error.contains("no network adapter has this address")) {
            return Finding.broken(Link.LISTENING, error, windows ? "ipconfig" : "ip addr")
                    .noting("it shows the addresses there are; wslproxy listens again as soon as this one is back");
        }
        int port = forward.listens().get(0).ports().first();
        boolean udp = !forward.protocols().contains(Protocol.TCP);
        String command =
                windows ? "netstat -ano | findstr :" + port : "ss -ap" + (udp ? "u" : "t") + "n sport = :" + port;
        return Finding.broken(Link.LISTENING, error, command)
                .noting("it shows who holds the port: end that, or let the forward listen on another port");
    }

    private static Finding held(String error, String owner) {
        int command = owner.indexOf(DELETE);
        return command < 0
                ? Finding.broken(Link.LISTENING, error + Sentence.cause(owner), Sentence.cure(owner))
                : Finding.broken(
                                Link.LISTENING,
                                error + owner.substring(0, command),
                                owner.substring(command + DELETE.length()))
                        .noting("as administrator");
    }

    /** The status tells of an owner too, if it found one; ours was asked now. */
    private static String withoutOwner(String error) {
        int owner = error.indexOf("; ");
        return owner < 0 ? error : error.substring(0, owner);
    }
}
