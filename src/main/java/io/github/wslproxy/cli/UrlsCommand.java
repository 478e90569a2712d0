package io.github.wslproxy.cli;

import io.github.wslproxy.app.LanAddress;
import io.github.wslproxy.app.LanUrls;
import io.github.wslproxy.app.Logging;
import io.github.wslproxy.app.StateFolder;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.status.StatusAnswer;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Prints what to type on another device. */
@Command(
        name = "urls",
        description =
                "Prints under which URLs the LAN reaches each forward, the likeliest first, and a QR code of the first one."
                        + " UDP and ranges have HOST:PORT instead. Where wslproxy does not run, the configuration is taken.",
        footer = {"", "Example: wslproxy urls", "         wslproxy urls vite"})
final class UrlsCommand extends SubCommand {
    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "Of one forward (default: all).")
    private @Nullable String name;

    private final StateFolder state;
    private final Supplier<List<InetAddress>> lan;
    private final MdnsName mdns;

    /** For picocli. */
    UrlsCommand() {
        this(StateFolder.ofThisUser(), LanAddress::all, MdnsName.ofThisComputer());
    }

    UrlsCommand(StateFolder state, Supplier<List<InetAddress>> lan, MdnsName mdns) {
        this.state = state;
        this.lan = lan;
        this.mdns = mdns;
    }

    /** @param urls the likeliest first */
    private record Reachable(String name, String protocol, List<String> urls) {}

    @Override
    public Integer call() throws Exception {
        Logging.errorsOnly(isVerbose());
        List<Reachable> all = all();
        List<Reachable> shown = all.stream()
                .filter(forward -> name == null || forward.name().equals(name))
                .toList();
        if (all.isEmpty()) {
            throw new IOException("nothing is forwarded now ([auto] does so when a server in WSL begins to listen)");
        }
        if (shown.isEmpty()) {
            throw new ParameterException(
                    commandLine(),
                    "no forward is called \"" + name + "\" (expected one of: "
                            + String.join(
                                    ", ", all.stream().map(Reachable::name).toList()) + ")");
        }
        print(shown);
        Optional<String> first =
                shown.stream().flatMap(forward -> forward.urls().stream()).findFirst();
        if (first.isEmpty()) {
            throw new IOException(
                    "the LAN has no way to " + (name == null ? "any of them" : "it") + " (wslproxy doctor says why)");
        }
        hints(shown).forEach(out()::println);
        invite(first.get());
        return ExitCode.OK;
    }

    private List<Reachable> all() throws Exception {
        String why;
        try {
            StatusAddress address = StatusAddress.of(this, state);
            StatusAnswer answer = address.ask();
            if (answer instanceof StatusAnswer.Running running) {
                return running.snapshot().forwards().stream()
                        .map(forward -> new Reachable(forward.name(), forward.protocol(), forward.urls()))
                        .toList();
            }
            why = String.valueOf(address.failure(answer).getMessage());
        } catch (IOException off) {
            why = String.valueOf(off.getMessage());
        }
        List<Forward> forwards = ConfigFile.read(configFile()).forwards();
        err().println(why);
        err().println("These are the URLs that " + configFile() + " asks for:");
        err().flush();
        List<InetAddress> addresses = lan.get();
        return forwards.stream().map(forward -> reachable(forward, addresses)).toList();
    }

    private static Reachable reachable(Forward forward, List<InetAddress> addresses) {
        return new Reachable(forward.name(), forward.protocolWord(), LanUrls.of(forward, addresses));
    }

    private void print(List<Reachable> shown) {
        TextTable table = new TextTable("FORWARD", "PROTOCOL", "ON THE LAN");
        for (Reachable forward : shown) {
            String first = forward.urls().isEmpty() ? "-" : forward.urls().get(0);
            table.row(forward.name(), forward.protocol(), first);
            forward.urls().stream().skip(1).forEach(url -> table.row("", "", url));
        }
        table.lines().forEach(out()::println);
    }

    private List<String> hints(List<Reachable> shown) {
        List<String> web = shown.stream()
                .flatMap(forward -> forward.urls().stream().limit(1))
                .filter(url -> url.startsWith("http://"))
                .toList();
        if (web.isEmpty()) {
            return List.of();
        }
        List<String> hints = new ArrayList<>();
        Optional<String> expo = web.stream().filter(ExpoHint::isMetro).findFirst();
        expo.map(ExpoHint::line).ifPresent(hints::add);
        mdns.find(lan.get())
                .map(host -> "By name, where mDNS works: " + web.get(0).replaceFirst("//.*:", "//" + host + ":"))
                .ifPresent(hints::add);
        return hints;
    }

    private void invite(String url) {
        QrText.lines(url, QrText.Style.ofThisTerminal()).forEach(out()::println);
        out().println(url);
        out().flush();
    }
}
