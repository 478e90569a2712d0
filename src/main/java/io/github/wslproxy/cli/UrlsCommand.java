package io.github.wslproxy.cli;

import com.google.gson.Gson;
import com.google.gson.annotations.JsonAdapter;
import io.github.wslproxy.app.LanAddresses;
import io.github.wslproxy.app.LanUrls;
import io.github.wslproxy.app.Logging;
import io.github.wslproxy.app.StateDirectory;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.status.RecordJson;
import io.github.wslproxy.status.StatusAnswer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Prints what to type on another device. */
@Command(
        name = "urls",
        description =
                "Prints the LAN URLs of each forward, the most likely first, and a QR code of the first one that a"
                        + " browser opens. What listens is told by the port of the target; UDP, ranges and ports that"
                        + " are not known have HOST:PORT. If wslproxy is not running, it reads the configuration.",
        footer = {"", "Example: wslproxy urls", "         wslproxy urls vite --json"})
final class UrlsCommand extends SubCommand {
    private static final Gson GSON =
            RecordJson.builder(Map.of()).setPrettyPrinting().create();

    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "Of one forward (default: all).")
    private @Nullable String name;

    @Option(names = "--json", description = "Print a JSON array, an object for each forward.")
    private boolean json;

    @Mixin
    private final QrOption qr;

    private final StateDirectory state;
    private final Supplier<List<AddressBlock>> lan;
    private final UrlHints hints;

    /** Picocli calls this. */
    UrlsCommand() {
        this(StateDirectory.ofThisUser(), LanAddresses::all, UrlHints.ofThisComputer(), new QrOption());
    }

    UrlsCommand(StateDirectory state, Supplier<List<AddressBlock>> lan, UrlHints hints, QrOption qr) {
        this.state = state;
        this.lan = lan;
        this.hints = hints;
        this.qr = qr;
    }

    /**
     * The URLs of a forward.
     *
     * @param urls the likeliest first
     * @param whyNoUrl in words; empty if there is one
     */
    private record Reachable(
            String name,
            String protocol,
            List<String> urls,
            @JsonAdapter(RecordJson.TextOrNull.class) String whyNoUrl) {}

    @Override
    public Integer call() throws Exception {
        Logging.errorsOnly(isVerbose());
        List<Reachable> shown = meant(all());
        if (json) {
            out().println(Terminal.ascii(GSON.toJson(shown)));
        } else {
            print(shown);
            hints(shown).forEach(out()::println);
            invite(shown);
        }
        out().flush();
        if (shown.stream().allMatch(forward -> forward.urls().isEmpty())) {
            throw new IOException("no other device can reach "
                    + (name == null
                            ? "any forward; to see why: " + ownCommand().line("doctor")
                            : "it; to see why: " + ownCommand().line("doctor", name)));
        }
        return ExitCode.OK;
    }

    private List<Reachable> meant(List<Reachable> all) throws IOException {
        if (all.isEmpty()) {
            throw new IOException("nothing is forwarded now ([auto] does so when a server in WSL begins to listen)");
        }
        List<Reachable> shown = all.stream()
                .filter(forward -> name == null || forward.name().equals(name))
                .toList();
        if (shown.isEmpty()) {
            String names = String.join(", ", all.stream().map(Reachable::name).toList());
            throw new ParameterException(
                    commandLine(), "no forward is called \"" + name + "\" (expected one of: " + names + ")");
        }
        return shown;
    }

    private List<Reachable> all() throws Exception {
        String why;
        try {
            StatusAddress address = StatusAddress.of(this, state);
            StatusAnswer answer = address.ask();
            Optional<String> other = answer instanceof StatusAnswer.Running running
                    ? address.otherConfiguration(running.snapshot())
                    : Optional.empty();
            if (answer instanceof StatusAnswer.Running running && other.isEmpty()) {
                return running.snapshot().forwards().stream()
                        .map(forward ->
                                new Reachable(forward.name(), forward.protocol(), forward.urls(), forward.whyNoUrl()))
                        .toList();
            }
            why = other.orElseGet(() -> String.valueOf(address.failure(answer).getMessage()));
        } catch (IOException off) {
            why = String.valueOf(off.getMessage());
        }
        List<Forward> forwards = ConfigFile.read(configFile()).forwards();
        err().println(why);
        err().println("These are the URLs that " + configFile() + " asks for:");
        err().flush();
        List<AddressBlock> addresses = lan.get();
        return forwards.stream().map(forward -> reachable(forward, addresses)).toList();
    }

    private static Reachable reachable(Forward forward, List<AddressBlock> addresses) {
        LanUrls urls = LanUrls.of(forward, addresses);
        return new Reachable(forward.name(), forward.protocolWord(), urls.urls(), urls.whyNone());
    }

    private void print(List<Reachable> shown) {
        TextTable table = new TextTable("FORWARD", "PROTOCOL", "LAN URL");
        for (Reachable forward : shown) {
            String first = forward.urls().isEmpty() ? "-" : forward.urls().get(0);
            table.row(forward.name(), forward.protocol(), first);
            forward.urls().stream().skip(1).forEach(url -> table.row("", "", url));
        }
        table.lines().forEach(out()::println);
        shown.stream()
                .filter(forward ->
                        forward.urls().isEmpty() && !forward.whyNoUrl().isEmpty())
                .map(forward -> forward.name() + " has no LAN URL: " + forward.whyNoUrl() + ".")
                .forEach(out()::println);
    }

    private List<String> hints(List<Reachable> shown) {
        List<String> first = shown.stream()
                .filter(forward -> !forward.protocol().equals("udp"))
                .flatMap(forward -> forward.urls().stream().limit(1))
                .toList();
        return hints.of(first, lan.get().stream().map(AddressBlock::network).toList());
    }

    private void invite(List<Reachable> shown) {
        Optional<String> web = shown.stream()
                .flatMap(forward -> forward.urls().stream())
                .filter(LanUrls::isWeb)
                .findFirst();
        List<String> code = web.map(qr::lines).orElse(List.of());
        code.forEach(out()::println);
        if (!code.isEmpty()) {
            web.ifPresent(out()::println);
        }
    }
}
