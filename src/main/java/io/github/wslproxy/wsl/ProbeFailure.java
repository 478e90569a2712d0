package io.github.wslproxy.wsl;

import io.github.wslproxy.os.CommandResult;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Why a probe did not learn where the VM is.
 *
 * <p>The messages of wsl.exe come in 22 languages, and on stdout. Only two things are alike in all: the code at the end
 * of {@code Error code: Wsl/Service/...}, and the exit status -1, which no Linux program has. Only "no distribution is
 * installed" has no code.
 *
 * @param brief what went wrong, in a few words, for what is said often
 * @param detail what was seen, with control characters escaped
 * @param advice what the person who reads this can do; empty if only {@code wslproxy probe} can show more
 */
public record ProbeFailure(Kind kind, String brief, String detail, Optional<String> advice) {
    private static final String SEE_PROBE =
            "wslproxy probe, with the same --config, shows what is printed and what was made of it";

    private static final String SEE_WSL = "see what WSL itself says: wsl -l -v";
    private static final String NEEDS_LONGER = "if it needs longer than that, raise [wsl] timeout in proxy.toml";
    private static final int WSL_ITSELF = -1;
    private static final int STUB_STATUS = 50;

    /**
     * While WSL is not installed, the stub that Windows 11 brings prints this address in every language; asked for more
     * than a list it then waits 60 seconds for a key.
     */
    private static final String STUB = "aka.ms/wslinstall";

    /**
     * {@code Wsl/Service/CreateInstance/NAME} (wslutil.cpp, ErrorToString), or a number where a version knows no name.
     */
    private static final Pattern CODE =
            Pattern.compile("\\b(?:Wsl|Wslg|Bash|WslConfig)/(?:[^\\s/]+/)*(\\w+)|\\b(0x[0-9a-fA-F]{8})\\b");

    /** Names out of wslservice.idl, and the numbers that are printed where a version does not know the name. */
    private static final Map<String, Kind> KINDS = Map.ofEntries(
            Map.entry("WSL_E_DISTRO_NOT_FOUND", Kind.DISTRIBUTION_NOT_FOUND),
            Map.entry("0x80040302", Kind.DISTRIBUTION_NOT_FOUND),
            Map.entry("WSL_E_DEFAULT_DISTRO_NOT_FOUND", Kind.NO_DISTRIBUTION),
            Map.entry("0x80040301", Kind.NO_DISTRIBUTION),
            Map.entry("WSL_E_LOCAL_SYSTEM_NOT_SUPPORTED", Kind.WRONG_ACCOUNT),
            Map.entry("0x8004032e", Kind.WRONG_ACCOUNT),
            Map.entry("HCS_E_HYPERV_NOT_INSTALLED", Kind.VIRTUALIZATION_OFF),
            Map.entry("WSL_E_VIRTUAL_MACHINE_PLATFORM_REQUIRED", Kind.VIRTUALIZATION_OFF),
            Map.entry("0x8004032d", Kind.VIRTUALIZATION_OFF),
            Map.entry("WSL_E_WSL_OPTIONAL_COMPONENT_REQUIRED", Kind.NOT_INSTALLED),
            Map.entry("0x80040321", Kind.NOT_INSTALLED));

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
        NO_ADDRESS,
        /** The address that was printed is one that no VM can have. */
        NOT_THE_VM("if that is what you mean, set it as [wsl] address in proxy.toml, and take command out"),
        TOO_LONG("let [wsl] command print addresses and nothing else"),
        FAILED,
        INTERRUPTED("nothing to do, wslproxy is stopping"),
        /** An exception that nobody foresaw. */
        DEFECT("this is a defect of wslproxy, please report it with the log");

        private final Optional<String> advice;

        Kind() {
            this.advice = Optional.empty();
        }

        Kind(String advice) {
            this.advice = Optional.of(advice);
        }
    }

    /** A failure with the advice that fits most of its kind. */
    static ProbeFailure of(Kind kind, String detail) {
        return of(kind, detail, detail);
    }

    /** A failure with the advice that fits most of its kind. */
    static ProbeFailure of(Kind kind, String brief, String detail) {
        return new ProbeFailure(kind, brief, detail, kind.advice);
    }

    ProbeFailure advising(String other) {
        return new ProbeFailure(kind, brief, detail, Optional.of(other));
    }

    /** What wsl.exe, called by its path, has failed with; for a result that is not {@code exit 0}. */
    static ProbeFailure ofWsl(CommandResult result) {
        boolean stub = result instanceof CommandResult.Ended ended && ended.exit() == STUB_STATUS;
        boolean absent = stub || result instanceof CommandResult.NotStarted;
        ProbeFailure failure = of(absent ? Kind.NOT_INSTALLED : kindOf(result), "wsl.exe", result);
        return failure.kind() == Kind.FAILED ? failure.advising(SEE_WSL) : failure;
    }

    /** The list of distributions was not given in time, as it is not while WSL starts or stops. */
    static ProbeFailure starting(CommandResult result) {
        return of(Kind.STARTING, "WSL is starting or stopping", result.summary());
    }

    /** What {@code [wsl] command} has failed with; for a result that is not {@code exit 0}. */
    static ProbeFailure ofCommand(CommandResult result) {
        ProbeFailure failure = of(kindOf(result), "[wsl] command", result);
        return failure.kind() == Kind.TIMED_OUT ? failure.advising(NEEDS_LONGER) : failure;
    }

    private static ProbeFailure of(Kind kind, String who, CommandResult result) {
        String brief =
                switch (kind) {
                    case NOT_INSTALLED -> "WSL is not installed";
                    case DISTRIBUTION_NOT_FOUND -> "the distribution is not installed";
                    case NO_DISTRIBUTION -> "no distribution is installed";
                    case WRONG_ACCOUNT -> "this account cannot use WSL";
                    case VIRTUALIZATION_OFF -> "virtualization is off";
                    default -> who + " " + brief(result);
                };
        return of(kind, brief, result.summary());
    }

    private static String brief(CommandResult result) {
        if (result instanceof CommandResult.Ended ended) {
            Optional<String> code = ended.exit() == WSL_ITSELF ? lastCode(text(ended)) : Optional.empty();
            return code.map(name -> "failed with " + name).orElse("ended with exit status " + ended.exit());
        }
        if (result instanceof CommandResult.TimedOut late) {
            return "gave no answer within " + late.within() + " and was killed";
        }
        if (result instanceof CommandResult.TooLong much) {
            return "printed more than " + much.limit() + " bytes and was killed";
        }
        return result instanceof CommandResult.NotStarted
                ? "could not be started"
                : "was ended, as wslproxy is stopping";
    }

    private static Kind kindOf(CommandResult result) {
        if (result instanceof CommandResult.Ended ended) {
            return kindOf(ended.exit(), text(ended));
        }
        if (result instanceof CommandResult.NotStarted) {
            return Kind.PROGRAM_NOT_FOUND;
        }
        if (result instanceof CommandResult.TimedOut late) {
            return late.output().contains(STUB) ? Kind.NOT_INSTALLED : Kind.TIMED_OUT;
        }
        return result instanceof CommandResult.TooLong ? Kind.TOO_LONG : Kind.INTERRUPTED;
    }

    private static String text(CommandResult.Ended ended) {
        return ended.output() + "\n" + ended.errors();
    }

    private static Kind kindOf(int exit, String text) {
        if ((exit == 1 || exit == WSL_ITSELF) && text.contains(STUB)) {
            return Kind.NOT_INSTALLED;
        }
        if (exit != WSL_ITSELF) {
            return Kind.FAILED;
        }
        Optional<String> code = lastCode(text);
        // One message has no code: no distribution is installed (MessageNoDefaultDistro).
        return code.isEmpty() ? Kind.NO_DISTRIBUTION : KINDS.getOrDefault(code.get(), Kind.FAILED);
    }

    private static Optional<String> lastCode(String text) {
        return CODE.matcher(text)
                .results()
                .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
                .map(code -> code.startsWith("0x") ? code.toLowerCase(Locale.ROOT) : code)
                .reduce((earlier, later) -> later);
    }

    /** The text for {@code wslproxy probe}, which does not advise to run itself. */
    String forProbe() {
        return advice.map(what -> detail + "; " + what).orElse(detail);
    }

    @Override
    public String toString() {
        return detail + "; " + advice.orElse(SEE_PROBE);
    }
}
