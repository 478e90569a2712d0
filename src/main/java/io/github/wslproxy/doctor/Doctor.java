package io.github.wslproxy.doctor;

import io.github.wslproxy.config.ConfigException;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.config.Settings;
import io.github.wslproxy.forward.Forward;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Walks the chain from the configuration to the LAN link by link and says how each stands. It asks and never guesses: what
 * does not answer is not known. It changes nothing and wakes no VM, unless {@code [wsl] command} does, which it runs; what it
 * connects to gets no byte.
 */
public final class Doctor {
    /** Of wsl.exe, which may hang, and of PowerShell, which takes seconds to start. */
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    private final Computer computer;
    private final Reader reader;
    private final Duration patience;

    /** Reads a configuration. */
    interface Reader {
        Settings read(Path file) throws ConfigException;
    }

    /** @param patience for all that is asked */
    Doctor(Computer computer, Reader reader, Duration patience) {
        this.computer = computer;
        this.reader = reader;
        this.patience = patience;
    }

    public static Doctor ofThisComputer() {
        return new Doctor(new ThisComputer(), ConfigFile::read, PATIENCE);
    }

    /**
     * Looks at everything. Blocks for half a minute at most; an interrupt ends it early and stays set.
     *
     * @param name of the one forward to look at, which is then expected to be there for the LAN; empty: all of them
     * @throws NoSuchForwardException if the configuration is valid and has no forward of that name
     */
    public Diagnosis examine(Path config, Optional<String> name) throws NoSuchForwardException {
        Settings settings;
        try {
            settings = reader.read(config);
        } catch (ConfigException invalid) {
            return unreadable(config, invalid);
        }
        List<Forward> forwards = chosen(settings.forwards(), name);
        try (Questions questions = new Questions(patience)) {
            return new Examination(computer, questions, config, settings, forwards, name.isPresent()).diagnosis();
        }
    }

    private Diagnosis unreadable(Path config, ConfigException invalid) {
        List<Finding> findings = new ArrayList<>(ConfigurationCheck.of(config, invalid));
        findings.addAll(new JavaCheck(computer.java(), computer.isWindows()).findings(Optional.empty()));
        for (Link link : Link.values()) {
            if (link.compareTo(Link.ACCOUNT) >= 0) {
                findings.add(Finding.skipped(link, "the configuration cannot be used"));
            }
        }
        return new Diagnosis(config.toString(), findings);
    }

    private static List<Forward> chosen(List<Forward> forwards, Optional<String> name) throws NoSuchForwardException {
        if (name.isEmpty()) {
            return forwards;
        }
        List<Forward> named = forwards.stream()
                .filter(forward -> forward.name().equals(name.get()))
                .toList();
        if (named.isEmpty()) {
            throw new NoSuchForwardException(
                    name.get(), forwards.stream().map(Forward::name).toList());
        }
        return named;
    }
}
