package io.github.wslproxy.doctor;

import io.github.wslproxy.os.OwnCommand;
import io.github.wslproxy.windows.task.Account;
import io.github.wslproxy.windows.task.Autostart;
import java.nio.file.Path;
import java.util.Optional;

/** Who this runs as, and whether the proxy starts at logon. */
final class AccountCheck {
    private final boolean windows;
    private final Optional<Account> account;
    private final Optional<Autostart.State> autostart;

    /** @param account as Windows tells; empty if it did not in time, as the next */
    AccountCheck(boolean windows, Optional<Account> account, Optional<Autostart.State> autostart) {
        this.windows = windows;
        this.account = account;
        this.autostart = autostart;
    }

    Finding account() {
        if (!windows) {
            return Finding.skipped(ChainLink.ACCOUNT, "matters on Windows only");
        }
        if (account.isEmpty() || account.get().sid().isEmpty()) {
            return Finding.notKnown(ChainLink.ACCOUNT, "Windows did not tell");
        }
        Account who = account.get();
        return who.warnings().stream()
                .findFirst()
                .map(warning -> warned(who, warning))
                .orElseGet(() -> Finding.ok(ChainLink.ACCOUNT, who.user()));
    }

    /** To have the doctor run as administrator, in the window in which a rule was made, breaks nothing. */
    private static Finding warned(Account who, Account.Warning warning) {
        boolean breaks = who.isSystem() || who.sessionZero().orElse(false);
        return breaks
                ? Finding.broken(ChainLink.ACCOUNT, warning.cause(), warning.cure())
                : Finding.info(ChainLink.ACCOUNT, warning.line());
    }

    /** @param commands that are about this configuration */
    Finding autostart(OwnCommand commands) {
        if (!windows) {
            return Finding.skipped(ChainLink.LOGON_TASK, "matters on Windows only");
        }
        return switch (autostart.orElse(Autostart.State.NOT_KNOWN)) {
            case TASK -> Finding.info(ChainLink.LOGON_TASK, "wslproxy starts at logon, by its task");
            case DISABLED_TASK ->
                Finding.info(
                        ChainLink.LOGON_TASK, "the logon task is disabled, as wslproxy stop leaves it: wslproxy start");
            case RUN_KEY -> Finding.info(ChainLink.LOGON_TASK, "wslproxy starts at logon, by the Run key");
            case NONE ->
                Finding.info(ChainLink.LOGON_TASK, "wslproxy does not start at logon: " + commands.line("install"));
            case NOT_KNOWN -> Finding.notKnown(ChainLink.LOGON_TASK, "the Task Scheduler did not tell");
        };
    }

    /**
     * The command that starts the proxy.
     *
     * @param installed whether it is this configuration that starts at logon
     */
    String start(Path config, boolean installed) {
        boolean logon = autostart
                .filter(state -> state != Autostart.State.NONE && state != Autostart.State.NOT_KNOWN)
                .isPresent();
        return windows && logon && installed
                ? "wslproxy start"
                : OwnCommand.naming(config).line("");
    }
}
