package io.github.wslproxy.cli;

import io.github.wslproxy.app.IoErrors;
import io.github.wslproxy.config.ConfigException;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.config.Settings;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.os.OperatingSystem;
import io.github.wslproxy.windows.ImportedForward;
import io.github.wslproxy.windows.PortProxyRules;
import io.github.wslproxy.wsl.NatIpRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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

    @Override
    public Integer call() throws Exception {
        if (dump == null && !OperatingSystem.isWindows()) {
            err().println("wslproxy: only Windows has portproxy rules; --file DUMP reads saved ones");
            return ExitCode.USAGE;
        }
        PortProxyRules found = dump == null ? PortProxyRules.ofThisComputer() : fromFile(dump);
        if (found.isEmpty()) {
            out().println("# No portproxy rules were found on this computer.");
            return ExitCode.OK;
        }
        return merge ? merge(found) : print(found);
    }

    private static PortProxyRules fromFile(Path file) throws IOException {
        PortProxyRules found = PortProxyRules.in(bytesOf(file));
        if (found.isEmpty()) {
            throw new IOException(file + " has no portproxy rules in it (expected " + EXPECTED + ")");
        }
        return found;
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
        } catch (IOException unreadable) {
            throw new IOException("cannot read " + file + ": " + IoErrors.why(unreadable), unreadable);
        }
    }

    private static Set<InetAddress> wslAddresses() {
        Set<InetAddress> known = new HashSet<>();
        NatIpRegistry.ofThisComputer().read().ifPresent(known::add);
        return known;
    }

    private int print(PortProxyRules found) {
        ImportVerdict verdict = ImportVerdict.of(ImportedForward.of(found.rules(), wslAddresses(), Set.of()));
        out().println("# The rules of netsh interface portproxy as forwards, by wslproxy import-netsh.");
        out().println("# portproxy lets everybody in, wslproxy private addresses only:"
                + " allow = [\"any\"] changes that.");
        if (!OperatingSystem.isWindows()) {
            out().println("# Where this is used on another system than Windows, [wsl] address or command is needed"
                    + " too.");
        }
        printLines(ImportNetshText.toml(verdict.accepted().keySet()));
        printLines(ImportNetshText.asComments(ImportNetshText.notImported(found.rejected(), verdict.refused())));
        printLines(ImportNetshText.asComments(
                ImportNetshText.leftovers(verdict.accepted().keySet())));
        return status(verdict);
    }

    private int merge(PortProxyRules found) throws IOException, ConfigException {
        Path config = configFile();
        Settings settings = ConfigFile.read(config);
        ImportNetshMerge file = new ImportNetshMerge(config);
        Set<String> taken = settings.forwards().stream().map(Forward::name).collect(Collectors.toSet());
        Set<InetAddress> wsl = wslAddresses();
        settings.wsl().address().ifPresent(wsl::add);
        ImportVerdict verdict = ImportVerdict.of(ImportedForward.of(found.rules(), wsl, taken));
        List<ImportedForward> missing = missing(verdict, settings.forwards());
        if (!missing.isEmpty()) {
            try {
                file.add(missing);
            } catch (ConfigException invalid) {
                invalid.problems().forEach(err()::println);
                err().println("wslproxy: " + config
                        + " would not be valid with these forwards, so it was left as it is");
                return ExitCode.USAGE;
            }
        }
        sayWhatWasAdded(config, missing);
        printLines(ImportNetshText.notImported(found.rejected(), verdict.refused()));
        printLines(ImportNetshText.leftovers(verdict.accepted().keySet()));
        return status(verdict);
    }

    private static int status(ImportVerdict verdict) {
        return verdict.accepted().isEmpty() ? ExitCode.FAILED : ExitCode.OK;
    }

    /** Says of the others which forward does the same already. */
    private List<ImportedForward> missing(ImportVerdict verdict, List<Forward> there) {
        List<ImportedForward> missing = new ArrayList<>();
        verdict.accepted().forEach((imported, meant) -> {
            Optional<Forward> same = there.stream()
                    .filter(forward -> ImportNetshMerge.covers(forward, meant))
                    .findFirst();
            if (same.isPresent()) {
                out().println(described(imported) + " is there already: "
                        + same.get().name());
            } else {
                missing.add(imported);
            }
        });
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
