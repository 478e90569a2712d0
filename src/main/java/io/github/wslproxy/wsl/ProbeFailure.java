package io.github.wslproxy.wsl;

/**
 * Why a probe did not learn where the VM is.
 *
 * @param brief what went wrong, in a few words, for what is said often
 * @param detail what was seen, with control characters escaped
 * @param advice what the person reading this can do
 */
public record ProbeFailure(Kind kind, String brief, String detail, String advice) {
    private static final String SEE_PROBE =
            "wslproxy probe, with the same --config, shows what is printed and what was made of it";

    /** Where there are no fewer words for it. */
    public ProbeFailure(Kind kind, String detail, String advice) {
        this(kind, detail, detail, advice);
    }

    /** With the advice that fits most failures of this kind. */
    ProbeFailure(Kind kind, String detail) {
        this(kind, detail, kind.advice);
    }

    /** The same, with fewer words for what is said often. */
    static ProbeFailure of(Kind kind, String brief, String detail) {
        return new ProbeFailure(kind, brief, detail, kind.advice);
    }

    /** Whether {@code wslproxy probe} is all that can be advised. */
    public boolean asksForProbe() {
        return advice.equals(SEE_PROBE);
    }

    /** For {@code probe} itself, which is no advice there. */
    String forProbe() {
        return advice.equals(SEE_PROBE) ? detail : toString();
    }

    @Override
    public String toString() {
        return detail + "; " + advice;
    }

    /** The failures that call for different advice. */
    public enum Kind {
        NOT_INSTALLED("install WSL: wsl --install"),
        PROGRAM_NOT_FOUND("correct [wsl] command in proxy.toml: its first word is the program to run"),
        DISTRIBUTION_NOT_FOUND("list the names with \"wsl -l -q\" and correct [wsl] distribution in proxy.toml"),
        NO_DISTRIBUTION("install a distribution: wsl --install -d Ubuntu"),
        WRONG_ACCOUNT("run wslproxy as the user who uses WSL, not as SYSTEM or a service: wslproxy install"),
        VIRTUALIZATION_OFF("turn on virtualization in the firmware, then: wsl --install --no-distribution"),
        TIMED_OUT("if it stays so, raise [wsl] timeout in proxy.toml, or restart WSL: wsl --shutdown"),
        STARTING("WSL is starting or stopping, which may take a minute: nothing to do yet"),
        NO_ADDRESS(SEE_PROBE),
        /** An address was told that no VM can have. */
        NOT_THE_VM("if that is what you mean, set it as [wsl] address in proxy.toml, and take command out"),
        TOO_LONG("let [wsl] command print addresses and nothing else"),
        FAILED(SEE_PROBE),
        INTERRUPTED("nothing to do, wslproxy is stopping"),
        /** An exception that nobody foresaw. */
        DEFECT("this is a defect of wslproxy, please report it with the log");

        private final String advice;

        Kind(String advice) {
            this.advice = advice;
        }
    }
}
