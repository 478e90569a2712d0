package io.github.wslproxy.doctor;

import io.github.wslproxy.doctor.ParallelTasks.Task;
import io.github.wslproxy.windows.task.Account;
import java.util.Optional;

/** Who this runs as. */
final class AccountCheck implements Check.OfOneLink {
    private final boolean windows;
    private final Task<Account> account;

    AccountCheck(boolean windows, Task<Account> account) {
        this.windows = windows;
        this.account = account;
    }

    @Override
    public Finding finding() {
        return windows ? judge(account.answer()) : Finding.skipped(ChainLink.ACCOUNT, "matters on Windows only");
    }

    private static Finding judge(Optional<Account> account) {
        if (account.isEmpty() || account.get().sid().isEmpty()) {
            return Finding.notKnown(ChainLink.ACCOUNT, "Windows did not tell");
        }
        Account who = account.get();
        return who.warnings().stream()
                .findFirst()
                .map(warning -> warned(who, warning))
                .orElseGet(() -> Finding.ok(ChainLink.ACCOUNT, who.user()));
    }

    /** A doctor that runs as administrator breaks nothing: its window may be the one in which a rule was made. */
    private static Finding warned(Account who, Account.Warning warning) {
        boolean breaks = who.isSystem() || who.sessionZero().orElse(false);
        return breaks
                ? Finding.broken(ChainLink.ACCOUNT, warning.cause(), warning.cure())
                : Finding.info(ChainLink.ACCOUNT, warning.line());
    }
}
