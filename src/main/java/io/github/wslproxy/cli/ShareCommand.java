package io.github.wslproxy.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.wslproxy.app.LanUrls;
import io.github.wslproxy.app.Logging;
import io.github.wslproxy.app.RunningInstance;
import io.github.wslproxy.app.StateDirectory;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.config.Settings;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.os.OperatingSystem;
import io.github.wslproxy.os.SafeText;
import io.github.wslproxy.status.AdminApi.ShareRequest;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.status.Snapshot.ForwardView;
import io.github.wslproxy.status.Snapshot.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Forwards a port for a time, in the running proxy or, if none runs, in this process. */
@Command(
        name = "share",
        description =
                "Lets the LAN reach a port in WSL for a time, through the wslproxy that runs: it ends by itself or with"
                        + " wslproxy, survives edits of the configuration, and is shown in status and on the page. If"
                        + " none runs, this window shares the port until the time is over or Ctrl-C.",
        footer = {
            "",
            "Example: wslproxy share 3000",
            "         wslproxy share 27015 --udp --for 4h --allow 192.168.1.50",
            "         wslproxy share --list",
            "         wslproxy share --stop 3000"
        })
final class ShareCommand extends SubCommand {
    private static final Duration USUAL = Duration.ofHours(2);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    @Parameters(index = "0", arity = "0..1", paramLabel = "PORT", description = "The port, here and in WSL.")
    private @Nullable Integer port;

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            converter = Converters.DurationConverter.class,
            description = "How long, 10s to 168h, such as 30m or 2h (default: 2h).")
    private @Nullable Duration length;

    @Option(
            names = "--allow",
            paramLabel = "CLIENTS",
            description =
                    "Who may come, as allow in proxy.toml: addresses, CIDR blocks, or the words private, loopback and"
                            + " any (everybody). May be repeated. The default is allow of [defaults]; deny of"
                            + " [defaults] holds in any case.")
    private List<String> allow = List.of();

    @Option(names = "--tcp", description = "TCP, which is the default; with --udp both.")
    private boolean tcp;

    @Option(names = "--udp", description = "UDP.")
    private boolean udp;

    @Option(names = "--list", description = "Show what is shared, and for how long yet.")
    private boolean list;

    @Option(names = "--stop", paramLabel = "PORT|NAME", description = "End a share before its time.")
    private @Nullable String stop;

    @Mixin
    private final QrOption qr;

    private final StateDirectory state;

    /** Picocli calls this. */
    ShareCommand() {
        this(StateDirectory.ofThisUser(), new QrOption());
    }

    ShareCommand(StateDirectory state, QrOption qr) {
        this.qr = qr;
        this.state = state;
    }

    @Override
    public Integer call() throws Exception {
        Logging.errorsOnly(isVerbose());
        checkUsage();
        if (list) {
            list(StatusAddress.of(this, state).snapshot());
        } else if (stop != null) {
            stop(StatusAddress.of(this, state), stop);
        } else {
            share();
        }
        return ExitCode.OK;
    }

    private void share() throws Exception {
        Set<Protocol> protocols =
                udp ? (tcp ? Set.of(Protocol.TCP, Protocol.UDP) : Set.of(Protocol.UDP)) : Set.of(Protocol.TCP);
        ShareRequest request = new ShareRequest(
                Objects.requireNonNull(port), protocols, length == null ? USUAL : length, List.copyOf(allow));
        boolean isConfigured = Files.exists(configFile());
        if (!isConfigured && RunningInstance.of(configFile(), state).isEmpty()) {
            shareInForeground(withoutConfiguration(), request);
            return;
        }
        try {
            share(StatusAddress.of(this, state), request);
        } catch (NotRunningException none) {
            shareInForeground(ConfigFile.read(configFile()), request);
        }
    }

    private Settings withoutConfiguration() throws IOException {
        if (!OperatingSystem.isWindows()) {
            throw new IOException("no wslproxy is running, and outside Windows it cannot find WSL by itself: set [wsl]"
                    + " address or command in "
                    + SafeText.escaped(configFile().toString()) + ", which is made by: "
                    + ownCommand().line("init"));
        }
        return Settings.byDefault();
    }

    private void shareInForeground(Settings settings, ShareRequest request) throws Exception {
        new ForegroundShare(settings, isVerbose()).run(request, (line, forward) -> {
            out().println("No wslproxy is running, so this window shares the port; Ctrl-C ends it.");
            out().println(line);
            showWhere(forward);
            forward.endsAt().ifPresent(end -> out().println("It ends at " + local(end) + ", or with Ctrl-C."));
            out().flush();
        });
        out().println("The port is no longer shared.");
    }

    private static String local(Instant time) {
        return TIME.format(time.atZone(ZoneId.systemDefault()));
    }

    private void checkUsage() {
        int asked = (port != null ? 1 : 0) + (list ? 1 : 0) + (stop != null ? 1 : 0);
        if (asked != 1) {
            throw usage("expected one of PORT, --list and --stop PORT|NAME");
        }
        if (port == null && (length != null || !allow.isEmpty() || tcp || udp)) {
            throw usage("--for, --allow, --tcp and --udp go with PORT only");
        }
        if (port != null && (port < 1 || port > 65_535)) {
            throw usage("port " + port + " (expected 1 to 65535)");
        }
    }

    private void share(StatusAddress address, ShareRequest request) throws IOException {
        JsonObject body = new JsonObject();
        body.addProperty("port", request.port());
        body.addProperty("seconds", seconds(request.length()));
        body.addProperty("protocol", udp ? (tcp ? "tcp+udp" : "udp") : "tcp");
        if (!allow.isEmpty()) {
            JsonArray words = new JsonArray();
            allow.forEach(words::add);
            body.add("allow", words);
        }
        out().println(address.perform("share", body));
        address.snapshot().forwards().stream()
                .filter(forward -> forward.name().equals(request.name()))
                .forEach(this::invite);
    }

    /** Rounds up to whole seconds. A length that no share may have is left for the proxy to refuse, with the bounds. */
    private static long seconds(Duration length) {
        return Math.min(Integer.MAX_VALUE, Math.max(1, length.plusMillis(999).toSeconds()));
    }

    private void invite(ForwardView forward) {
        showWhere(forward);
        forward.endsAt().ifPresent(end -> out().println("It ends at " + local(end) + ". To end it sooner: "
                + ownCommand().line("share --stop", forward.name())));
    }

    private void showWhere(ForwardView forward) {
        forward.urls().stream().filter(LanUrls::isWeb).findFirst().map(qr::lines).stream()
                .flatMap(List::stream)
                .forEach(out()::println);
        forward.urls().forEach(out()::println);
        if (forward.urls().isEmpty()) {
            out().println("It has no LAN URL: "
                    + (forward.whyNoUrl().isEmpty() ? "it does not listen yet" : forward.whyNoUrl()) + ".");
        }
    }

    private void list(Snapshot snapshot) {
        List<ForwardView> shares = shares(snapshot);
        if (shares.isEmpty()) {
            out().println("Nothing is shared.");
            return;
        }
        TextTable table = new TextTable("SHARE", "PROTOCOL", "CLIENTS ALLOWED", "ENDS AT", "OPEN", "LAN URL");
        for (ForwardView share : shares) {
            table.row(
                    share.name(),
                    share.protocol(),
                    share.clientsAllowed().isEmpty() ? "-" : share.clientsAllowed(),
                    share.endsAt().map(ShareCommand::local).orElse("-"),
                    Long.toString(share.open()),
                    share.urls().isEmpty() ? "-" : share.urls().get(0));
        }
        table.lines().forEach(out()::println);
    }

    private static List<ForwardView> shares(Snapshot snapshot) {
        return snapshot.forwards().stream()
                .filter(forward -> forward.origin() == Origin.SHARE)
                .toList();
    }

    /** Takes a number for the port of a share, by TCP, UDP or one of each. */
    private void stop(StatusAddress address, String which) throws IOException {
        List<String> asked = which.matches("\\d{1,5}")
                ? Stream.of(Protocol.TCP, Protocol.UDP)
                        .map(protocol -> ShareRequest.nameOf(Integer.parseInt(which), Set.of(protocol)))
                        .toList()
                : List.of(which);
        List<String> meant = shares(address.snapshot()).stream()
                .map(ForwardView::name)
                .filter(asked::contains)
                .toList();
        for (String name : meant.isEmpty() ? asked.subList(0, 1) : meant) {
            JsonObject body = new JsonObject();
            body.addProperty("name", name);
            out().println(address.perform("unshare", body));
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(commandLine(), message);
    }
}
