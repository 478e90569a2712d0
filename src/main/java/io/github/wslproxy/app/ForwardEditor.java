package io.github.wslproxy.app;

import io.github.wslproxy.app.ForwardSet.Share;
import io.github.wslproxy.config.Settings;
import io.github.wslproxy.config.Warnings;
import io.github.wslproxy.wsl.GuestSocket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes what is forwarded while it runs, one change at a time: an edit of the file, a share, a pause, a server that
 * appears in WSL. Each change makes another {@link ForwardSet}, and a {@link ReloadPlan} from the one to the other.
 */
public final class ForwardEditor {
    private static final Logger log = LoggerFactory.getLogger(ForwardEditor.class);

    private final Targets targets;
    private final RunningRelays relays;
    private final Runnable onChange;
    private final ReentrantLock changing = new ReentrantLock();

    /** Used while {@link #changing} is held. */
    private final AutoForwards auto;

    /** Used while {@link #changing} is held. */
    private boolean isOpen;

    /** Replaced while {@link #changing} is held. */
    private volatile ForwardSet current;

    private volatile String refusedEdit = "";

    /** @param onChange is run after each change, and when an edit is refused; no lock is held then */
    ForwardEditor(Settings settings, Targets targets, RunningRelays relays, Runnable onChange) {
        this.current = ForwardSet.of(settings);
        this.auto = new AutoForwards(settings);
        this.targets = targets;
        this.relays = relays;
        this.onChange = onChange;
    }

    /** What is to run now. */
    ForwardSet current() {
        return current;
    }

    /** Why the newest edit of the file cannot be used; empty if it can. */
    String refusedEdit() {
        return refusedEdit;
    }

    /** Begins to forward. Changes that came before are part of that. */
    void open() throws InterruptedException {
        changing.lockInterruptibly();
        try {
            isOpen = true;
            relays.open(current.effective());
        } finally {
            changing.unlock();
        }
    }

    /**
     * Goes on with other settings: what did not change keeps its sockets, connections and sessions; forwards that have
     * gone stop accepting, and their connections end by themselves. The log is not touched. Blocks, for some seconds at
     * worst.
     *
     * @return what was done, for a person; empty if nothing had changed
     * @throws InterruptedException if interrupted; stop the proxy then
     */
    public String change(Settings next) throws InterruptedException {
        String done = edit(before -> {
            Set<String> known = Set.copyOf(Warnings.of(before.file()));
            Warnings.of(next).stream()
                    .filter(warning -> !known.contains(warning))
                    .forEach(log::warn);
            ForwardSet after = before.withFile(next);
            sayWhichSharesEnd(before, after);
            return after;
        });
        refusedEdit = "";
        onChange.run();
        return done;
    }

    private static void sayWhichSharesEnd(ForwardSet before, ForwardSet after) {
        before.shares().stream()
                .filter(share ->
                        after.shares().stream().noneMatch(left -> left.name().equals(share.name())))
                .forEach(share -> log.info("[{}] is no longer shared: {}", share.name(), whyEnded(share, after)));
    }

    private static String whyEnded(Share share, ForwardSet after) {
        return after.inTheWay(share.forward())
                .map(forward -> "\"" + forward.name() + "\" of the file has its name or its port now")
                .orElse("a word of its allow lets in more than [defaults] allow does");
    }

    /** Keeps what runs; the status says {@code why} until an edit can be used. */
    void refuseEdit(String why) {
        refusedEdit = why;
        onChange.run();
    }

    /** Goes on with who listens in the VM now. */
    void look(List<GuestSocket> sockets) throws InterruptedException {
        edit(before -> {
            auto.look(System.nanoTime(), targets.wsl().current().address(), sockets);
            return before;
        });
    }

    /** Carries out an edit; returns what was done, for a person. */
    String edit(UnaryOperator<ForwardSet> edit) throws InterruptedException {
        String done;
        changing.lockInterruptibly();
        try {
            if (relays.isStopped()) {
                return "";
            }
            ForwardSet before = current;
            ForwardSet next = withAuto(edit.apply(before));
            if (next.equals(before)) {
                return "";
            }
            if (!isOpen) {
                current = next;
                return "";
            }
            ReloadPlan plan = ReloadPlan.of(before.effective(), next.effective());
            apply(plan, before, next);
            done = plan.summary(before.file().forwards());
        } finally {
            changing.unlock();
        }
        onChange.run();
        return done;
    }

    private ForwardSet withAuto(ForwardSet next) {
        auto.change(next.file());
        AutoForwards.Decision decision =
                auto.decide(next.withAppeared(List.of()).effective().forwards());
        decision.notes().forEach(note -> log.atLevel(note.level()).log(note.text()));
        return next.withAppeared(decision.forwards());
    }

    private void apply(ReloadPlan plan, ForwardSet before, ForwardSet next) throws InterruptedException {
        try {
            targets.change(next.effective());
            current = next;
            relays.apply(plan, before, next);
        } finally {
            relays.stopAgain();
        }
    }
}
