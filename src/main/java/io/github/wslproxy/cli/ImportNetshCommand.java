package io.github.wslproxy.cli;

import io.github.wslproxy.cli.ImportNetshJudge.Verdict;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.config.Problem;
import io.github.wslproxy.config.Settings;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.windows.ImportedForward;
import io.github.wslproxy.windows.PortProxies;
import io.github.wslproxy.windows.PortProxyListing;
import io.github.wslproxy.wsl.NatIpRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Turns portproxy rules into forwards. */
@Command(
        name = "import-netsh",
        description = {
            "Prints the rules of netsh interface portproxy as TOML, with the commands that delete them.",
            "Changes no rule."
        },
        footer = {
            "",
            "Example: wslproxy import-netsh --merge --config proxy.toml",
            "         wslproxy import-netsh --file dump.txt > proxy.toml"
        })
final class ImportNetshCommand extends SubCommand {
    private static final int MOST_BYTES = 4 << 20;
    private static final String EXPECTED = "the output of netsh interface portproxy show all or dump, of reg query, or"
            + " a .reg export of HKLM\\SYSTEM\\CurrentControlSet\\Services\\PortProxy";

    @Option(
            names = "--file",
            paramLabel = "DUMP",
            description = "Read the rules from a file, on any system: " + EXPECTED + ".")
    private @Nullable Path dump;

    @Option(
            names = "--merge",
            description = "Add the forwards that are missing to the configuration, if the whole is valid.")
    private boolean merge;

    @Spec
    private CommandSpec spec;

    private final PortProxies portProxies = PortProxies.ofThisComputer();

    @Override
    public Integer call() throws Exception {
        if (dump == null && !portProxies.areKnownHere()) {
            spec.commandLine()
                    .getErr()
                    .println("wslproxy: only Windows has portproxy rules; --file DUMP reads saved ones");
            return ExitCode.USAGE;
        }
        PortProxyListing listing = dump == null ? portProxies.list() : fromFile(dump);
        if (listing.isEmpty()) {
            out().println("# No portproxy rules were found on this computer.");
            return ExitCode.OK;
        }
        return merge ? merge(listing) : print(listing);
    }

    private static PortProxyListing fromFile(Path file) throws IOException {
        PortProxyListing listing = PortProxies.in(bytesOf(file));
        if (listing.isEmpty()) {
            throw new IOException(file + " has no portproxy rules in it (expected " + EXPECTED + ")");
        }
        return listing;
    }

    private static byte[] bytesOf(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new IOException("it is too large (expected at most 4 MiB)");
            }
            return bytes;
        } catch (NoSuchFileException absent) {
            throw new IOException("cannot read " + file + ": there is no such file", absent);
        } catch (AccessDeniedException denied) {
            throw new IOException("cannot read " + file + ": no permission", denied);
        } catch (IOException unreadable) {
            throw new IOException("cannot read " + file + ": " + unreadable.getMessage(), unreadable);
        }
    }

    private Set<InetAddress> wslAddresses() {
        Set<InetAddress> known = new HashSet<>();
        NatIpRegistry.ofThisComputer().read().ifPresent(known::add);
        return known;
    }

    private int print(PortProxyListing listing) throws IOException {
        Verdict verdict = ImportNetshJudge.judge(ImportedForward.of(listing.rules(), wslAddresses(), Set.of()));
        out().println("# The rules of netsh interface portproxy as forwards, by wslproxy import-netsh.");
        out().println(
                        "# portproxy lets everybody in, wslproxy private addresses only: allow = [\"any\"] changes that.");
        if (!portProxies.areKnownHere()) {
            out().println(
                            "# Where this is used on another system than Windows, [wsl] address or command is needed too.");
        }
        printLines(ImportNetshText.toml(verdict.accepted()));
        printLines(ImportNetshText.asComments(ImportNetshText.notImported(listing, verdict)));
        printLines(ImportNetshText.asComments(ImportNetshText.leftovers(verdict.accepted())));
        return verdict.accepted().isEmpty() ? ExitCode.FAILED : ExitCode.OK;
    }

    private int merge(PortProxyListing listing) throws Exception {
        Path config = configFile();
        Settings settings = ConfigFile.read(config);
        ImportNetshMerge file = new ImportNetshMerge(config);
        Set<String> taken = settings.forwards().stream().map(Forward::name).collect(Collectors.toSet());
        Set<InetAddress> wsl = wslAddresses();
        settings.wsl().address().ifPresent(wsl::add);
        Verdict verdict = ImportNetshJudge.judge(ImportedForward.of(listing.rules(), wsl, taken));
        List<ImportedForward> missing = missing(verdict, settings.forwards());
        if (!missing.isEmpty()) {
            List<Problem> problems = file.add(missing);
            if (!problems.isEmpty()) {
                problems.forEach(spec.commandLine().getErr()::println);
                spec.commandLine()
                        .getErr()
                        .println("wslproxy: " + config
                                + " would not be valid with these forwards, so it was left as it is");
                return ExitCode.USAGE;
            }
        }
        sayWhatWasAdded(config, missing);
        printLines(ImportNetshText.notImported(listing, verdict));
        printLines(ImportNetshText.leftovers(verdict.accepted()));
        return verdict.accepted().isEmpty() ? ExitCode.FAILED : ExitCode.OK;
    }

    /** Says of the others which forward does the same already. */
    private List<ImportedForward> missing(Verdict verdict, List<Forward> there) {
        List<ImportedForward> missing = new ArrayList<>();
        for (int i = 0; i < verdict.accepted().size(); i++) {
            ImportedForward imported = verdict.accepted().get(i);
            Forward meant = verdict.forwards().get(i);
            there.stream()
                    .filter(forward -> ImportNetshMerge.covers(forward, meant))
                    .findFirst()
                    .ifPresentOrElse(
                            same -> out().println(described(imported) + " is there already: " + same.name()),
                            () -> missing.add(imported));
        }
        return missing;
    }

    private void sayWhatWasAdded(Path config, List<ImportedForward> added) {
        added.forEach(forward -> out().println("added " + forward.name() + ": " + described(forward)));
        String count = added.size() == 1 ? "1 forward" : added.size() + " forwards";
        out().println(added.isEmpty() ? config + " was left as it is." : "Added " + count + " to " + config + ".");
    }

    private static String described(ImportedForward forward) {
        return String.join(" ", forward.listens()) + " -> " + forward.target();
    }

    private void printLines(List<String> lines) {
        lines.forEach(out()::println);
    }
}
