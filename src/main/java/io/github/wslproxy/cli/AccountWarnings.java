package io.github.wslproxy.cli;

import io.github.wslproxy.windows.task.Account;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once what is wrong with the account that the proxy runs as. */
final class AccountWarnings {
    private static final Logger log = LoggerFactory.getLogger(AccountWarnings.class);

    private AccountWarnings() {}

    /** Returns at once: Windows takes seconds to answer where a security product looks on. */
    static void logSoon() {
        Thread asking = new Thread(() -> Account.ofThisProcess().warnings().forEach(log::warn), "account");
        asking.setDaemon(true);
        asking.start();
    }
}
