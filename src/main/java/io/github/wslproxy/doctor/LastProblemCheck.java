package io.github.wslproxy.doctor;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.relay.RefusalCode;
import io.github.wslproxy.status.Snapshot.ForwardView;
import io.github.wslproxy.status.Snapshot.LastProblem;
import java.util.Optional;

/** What went wrong last for a client of a forward, as the running proxy remembers it. */
final class LastProblemCheck implements Check.OfOneLink {
    private final Optional<ForwardView> view;

    LastProblemCheck(Forward forward, Facts facts) {
        view = facts.proxy().view(forward);
    }

    @Override
    public Finding finding() {
        if (view.isEmpty()) {
            return Finding.skipped(ChainLink.LAST_PROBLEM, "the running wslproxy does not tell");
        }
        return view.get()
                .lastProblem()
                .map(LastProblemCheck::judge)
                .orElseGet(() -> Finding.ok(ChainLink.LAST_PROBLEM, "none"));
    }

    private static Finding judge(LastProblem problem) {
        if (problem.servedSince().isPresent()) {
            return Finding.ok(ChainLink.LAST_PROBLEM, problem.line() + "; served again since");
        }
        if (problem.code().isEmpty() || problem.cure().isEmpty()) {
            return Finding.info(ChainLink.LAST_PROBLEM, problem.line());
        }
        return isMeant(problem.code().get())
                ? Finding.info(ChainLink.LAST_PROBLEM, problem.line()).noting("if it may come in: " + problem.cure())
                : Finding.broken(ChainLink.LAST_PROBLEM, problem.line(), problem.cure());
    }

    /** Somebody wrote the list, and may well have meant to keep this client out. */
    private static boolean isMeant(RefusalCode code) {
        return code == RefusalCode.NOT_ALLOWED || code == RefusalCode.DENIED;
    }
}
