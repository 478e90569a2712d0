package io.github.wslproxy.cli;

import io.github.wslproxy.app.LanAddresses;
import io.github.wslproxy.app.LanUrls;
import io.github.wslproxy.app.Logging;
import io.github.wslproxy.config.ConfigException;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.config.Settings;
import io.github.wslproxy.doctor.ChainLink;
import io.github.wslproxy.doctor.Diagnosis;
import io.github.wslproxy.doctor.Doctor;
import io.github.wslproxy.doctor.Doctor.NoSuchForwardException;
import io.github.wslproxy.doctor.Finding.FindingState;
import io.github.wslproxy.doctor.PhoneTest;
import io.github.wslproxy.doctor.PhoneTest.PhoneOutcome;
import io.github.wslproxy.forward.Durations;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Protocol;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Says which link of the chain is broken, and what fixes it. */
@Command(
        name = "doctor",
        description = {
            "Checks the chain from the configuration to the phone part by part: ok, broken, or not known. Names the"
                    + " first broken part and what fixes it. Exit status 1 if one is broken.",
            "Changes nothing and starts no VM; a command of your own in [wsl] is run as it stands, and \"wsl.exe ...\""
                    + " there starts a VM that is stopped."
        },
        footer = {
            "",
            "Example: wslproxy doctor vite",
            "         wslproxy doctor vite --from-phone",
            "         wslproxy doctor --json"
        })
final class DoctorCommand extends SubCommand {
    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "Of one forward (default: all).")
    private @Nullable String name;

    @Mixin
    private final QrOption qr = new QrOption();

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    @Option(
            names = "--from-phone",
            description = "Print the URL of the forward with a QR code, and wait for another device to come.")
    private boolean fromPhone;

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            converter = Converters.DurationConverter.class,
            defaultValue = "60s",
            description = "How long --from-phone waits (default: ${DEFAULT-VALUE}).")
    private Duration patience = Duration.ofSeconds(60);

    @Override
    public Integer call() throws Exception {
        Logging.errorsOnly(isVerbose());
        if (fromPhone && json) {
            throw usage("--from-phone cannot be combined with --json");
        }
        if (!fromPhone && commandLine().getParseResult().hasMatchedOption("--for")) {
            throw usage("--for goes with --from-phone");
        }
        Optional<Integer> status = fromPhone ? tryFromPhone() : Optional.empty();
        return status.isPresent() ? status.get() : print(examine(Optional.ofNullable(name)));
    }

    private Diagnosis examine(Optional<String> which) {
        try {
            return Doctor.ofThisComputer().examine(configFile(), which);
        } catch (NoSuchForwardException unknown) {
            throw usage(String.valueOf(unknown.getMessage()));
        }
    }

    private int print(Diagnosis diagnosis) {
        if (json) {
            out().println(DoctorJson.of(diagnosis));
        } else {
            DoctorView.lines(diagnosis).forEach(out()::println);
        }
        return diagnosis.firstBroken().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    /** The exit status; empty if the configuration is invalid, which the walk then shows. */
    private Optional<Integer> tryFromPhone() throws InterruptedException {
        Settings settings;
        try {
            settings = ConfigFile.read(configFile());
        } catch (ConfigException theWalkTellsIt) {
            return Optional.empty();
        }
        Forward forward = only(settings.forwards());
        name = forward.name();
        PhoneTest test = new PhoneTest(settings.status(), forward);
        Optional<String> url = url(forward);
        if (url.isEmpty() || !test.isReady()) {
            out().println("No device can connect yet: "
                    + (url.isEmpty() ? "the LAN has no way to it." : "it does not listen."));
            return Optional.of(fail(forward));
        }
        invite(url.get());
        return Optional.of(conclude(test.await(patience), forward));
    }

    private Forward only(List<Forward> forwards) {
        List<Forward> meant = forwards.stream()
                .filter(forward -> name == null || forward.name().equals(name))
                .toList();
        if (meant.size() == 1) {
            return meant.get(0);
        }
        String names = String.join(", ", forwards.stream().map(Forward::name).toList());
        throw usage(
                (name == null ? "--from-phone needs the name of a forward" : "no forward is called \"" + name + "\"")
                        + " (expected one of: " + names + ")");
    }

    private static Optional<String> url(Forward forward) {
        return LanUrls.of(forward, LanAddresses.all()).urls().stream().findFirst();
    }

    private void invite(String url) {
        qr.lines(url).forEach(out()::println);
        out().println(url);
        boolean page = LanUrls.isWeb(url);
        out().println((page ? "Open it on a phone" : "Have a client on a phone or another computer speak to it")
                + " in the same network. Waiting up to " + Durations.format(patience) + " ...");
        out().flush();
    }

    private int conclude(PhoneOutcome outcome, Forward forward) {
        if (outcome instanceof PhoneOutcome.Arrived arrived) {
            boolean tcp = forward.protocols().contains(Protocol.TCP);
            out().println(arrived.address() + " connected. If that is the phone, "
                    + (tcp ? "everything works." : "it reaches wslproxy; whether the server answered is not known."));
            return ExitCode.OK;
        }
        if (outcome instanceof PhoneOutcome.Refused refused) {
            out().println(refused.address() + " reached wslproxy and was refused: " + refused.why());
            if (refused.cure().isEmpty()) {
                return fail(forward);
            }
            out().println("To fix it:");
            out().println("  " + refused.cure());
            return ExitCode.FAILED;
        }
        out().println("No device connected. Still to be checked:");
        return fail(forward);
    }

    /** Prints the walk. The status is that of a failure whatever it finds, since no phone came in. */
    private int fail(Forward forward) {
        Diagnosis diagnosis = examine(Optional.of(forward.name()));
        print(diagnosis);
        if (diagnosis.firstBroken().isEmpty()) {
            out().println("What is left: " + (isFirewallKnown(diagnosis) ? "" : "the firewall of this computer; ")
                    + "a router that keeps devices apart (guest Wi-Fi, AP isolation); a phone in another network.");
        }
        return ExitCode.FAILED;
    }

    private static boolean isFirewallKnown(Diagnosis diagnosis) {
        return diagnosis.findings().stream()
                .noneMatch(finding ->
                        finding.link() == ChainLink.FIREWALL_RULE && finding.state() == FindingState.NOT_KNOWN);
    }

    private ParameterException usage(String message) {
        return new ParameterException(commandLine(), message);
    }
}
