package io.github.wslproxy.cli;

/** What the exit status of every command means. */
final class ExitCode {
    static final int OK = 0;

    /** It failed at run time. */
    static final int FAILED = 1;

    /** Wrong usage, or an invalid configuration. */
    static final int USAGE = 2;

    private ExitCode() {}
}
