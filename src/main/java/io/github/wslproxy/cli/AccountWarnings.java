package io.github.wslproxy.cli;

import io.github.wslproxy.os.Fault;
import io.github.wslproxy.windows.task.Account;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once what is wrong with the account that the proxy runs as. */
final class AccountWarnings {
    private static final Logger log = LoggerFactory.getLogger(AccountWarnings.class);

    private AccountWarnings() {}

    /** Returns at once: Windows takes seconds to answer where a security product looks on. */
    static void logSoon() {
        Thread asking =
                new Thread(() -> Fault.contain(AccountWarnings::log, AccountWarnings::notTold), "wslproxy-account");
        asking.setDaemon(true);
        asking.start();
    }

    private static void log() {
        Account.ofThisProcess().warnings().forEach(warning -> log.warn(warning.line()));
    }

    private static void notTold(Throwable failure) {
        log.warn("whether this account may run it cannot be told: {}", Fault.line(failure));
    }
}
