package io.github.wslproxy.wsl;

import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.wsl.ProbeFailure.Kind;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which failure a command met. The messages of wsl.exe come in 39 languages, and on stdout; only the code at the end of
 * {@code Error code: Wsl/Service/...} and the exit status -1, its own among those of Linux programs, are the same in
 * all. Only "no distribution is installed" has no code.
 */
final class WslFailures {
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

    /** From wslservice.idl: names, and the numbers that are printed where a version does not know the name. */
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

    private WslFailures() {}

    /** Of wsl.exe called by its path, for a result that is not {@code exit 0}. */
    static ProbeFailure ofWslItself(CommandResult result) {
        boolean stub = result instanceof CommandResult.Ended ended && ended.exit() == STUB_STATUS;
        boolean absent = stub || result instanceof CommandResult.NotStarted;
        ProbeFailure failure = failure(absent ? Kind.NOT_INSTALLED : kind(result), "wsl.exe", result);
        return failure.kind() == Kind.FAILED
                ? new ProbeFailure(Kind.FAILED, failure.brief(), failure.detail(), SEE_WSL)
                : failure;
    }

    /** Of a list of distributions that was not given in time, as it is not while WSL starts or stops. */
    static ProbeFailure starting(CommandResult result) {
        return ProbeFailure.of(Kind.STARTING, "WSL is starting or stopping", result.summary());
    }

    /** Of {@code [wsl] command}, for a result that is not {@code exit 0}. */
    static ProbeFailure of(CommandResult result) {
        ProbeFailure failure = failure(kind(result), "[wsl] command", result);
        return failure.kind() == Kind.TIMED_OUT
                ? new ProbeFailure(Kind.TIMED_OUT, failure.brief(), failure.detail(), NEEDS_LONGER)
                : failure;
    }

    private static ProbeFailure failure(Kind kind, String who, CommandResult result) {
        String brief =
                switch (kind) {
                    case NOT_INSTALLED -> "WSL is not installed";
                    case DISTRIBUTION_NOT_FOUND -> "the distribution is not installed";
                    case NO_DISTRIBUTION -> "no distribution is installed";
                    case WRONG_ACCOUNT -> "this account cannot use WSL";
                    case VIRTUALIZATION_OFF -> "virtualization is off";
                    default -> who + " " + brief(result);
                };
        return ProbeFailure.of(kind, brief, result.summary());
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

    private static Kind kind(CommandResult result) {
        if (result instanceof CommandResult.Ended ended) {
            return kind(ended.exit(), text(ended));
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

    private static Kind kind(int exit, String text) {
        if ((exit == 1 || exit == WSL_ITSELF) && text.contains(STUB)) {
            return Kind.NOT_INSTALLED;
        }
        if (exit != WSL_ITSELF) {
            return Kind.FAILED;
        }
        Optional<String> code = lastCode(text);
        // The one message without a code: no distribution is installed (MessageNoDefaultDistro).
        return code.isEmpty() ? Kind.NO_DISTRIBUTION : KINDS.getOrDefault(code.get(), Kind.FAILED);
    }

    private static Optional<String> lastCode(String text) {
        return CODE.matcher(text)
                .results()
                .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
                .map(code -> code.startsWith("0x") ? code.toLowerCase(Locale.ROOT) : code)
                .reduce((earlier, later) -> later);
    }
}
