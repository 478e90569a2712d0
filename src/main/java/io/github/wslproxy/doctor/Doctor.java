package io.github.wslproxy.doctor;

import io.github.wslproxy.config.ConfigException;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.config.Settings;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.status.StatusAnswer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Walks the chain from the configuration to the LAN link by link and says how each stands. It asks and never guesses:
 * what does not answer is not known. It changes nothing and wakes no VM, unless {@code [wsl] command} does, which it
 * runs; what it connects to gets no byte.
 */
public final class Doctor {
    /** Of wsl.exe, which may hang, and of PowerShell, which takes seconds to start. */
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    private final Environment computer;
    private final Reader reader;
    private final Duration patience;

    /** Reads a configuration. */
    interface Reader {
        Settings read(Path file) throws ConfigException;
    }

    /** @param patience for all that is asked */
    Doctor(Environment computer, Reader reader, Duration patience) {
        this.computer = computer;
        this.reader = reader;
        this.patience = patience;
    }

    public static Doctor ofThisComputer() {
        return new Doctor(new LocalEnvironment(), ConfigFile::read, PATIENCE);
    }

    /**
     * Looks at everything. Blocks for half a minute at most; an interrupt ends it early and stays set.
     *
     * @param name of the one forward to look at, which is then expected to be there for the LAN; empty: all of them
     * @throws NoSuchForwardException if the configuration is valid, and neither it nor the running proxy has a forward
     *     of that name
     */
    public Diagnosis examine(Path config, Optional<String> name) throws NoSuchForwardException {
        Settings settings;
        try {
            settings = reader.read(config);
        } catch (ConfigException invalid) {
            return unreadable(config, invalid);
        }
        try (ParallelTasks questions = new ParallelTasks(patience)) {
            List<Forward> forwards = chosen(settings, name, questions);
            return new DoctorRun(computer, questions, config, settings, forwards, name.isPresent()).diagnosis();
        }
    }

    private Diagnosis unreadable(Path config, ConfigException invalid) {
        List<Finding> findings = new ArrayList<>(ConfigurationCheck.of(config, invalid));
        findings.addAll(new JavaCheck(computer.java(), computer.isWindows()).findings(Optional.empty()));
        for (ChainLink link : ChainLink.values()) {
            if (link.compareTo(ChainLink.ACCOUNT) >= 0) {
                findings.add(Finding.skipped(link, "the configuration cannot be used"));
            }
        }
        return new Diagnosis(config.toString(), findings);
    }

    private List<Forward> chosen(Settings settings, Optional<String> name, ParallelTasks questions)
            throws NoSuchForwardException {
        if (name.isEmpty()) {
            return settings.forwards();
        }
        List<Forward> named = named(settings.forwards(), name.get());
        if (!named.isEmpty()) {
            return named;
        }
        List<Forward> beside = besideTheFile(settings, questions);
        List<Forward> running = named(beside, name.get());
        if (running.isEmpty() && settings.switchedOff().contains(name.get())) {
            throw NoSuchForwardException.switchedOff(name.get());
        }
        if (running.isEmpty()) {
            throw new NoSuchForwardException(
                    name.get(),
                    Stream.concat(settings.forwards().stream(), beside.stream())
                            .map(Forward::name)
                            .toList());
        }
        return running;
    }

    private static List<Forward> named(List<Forward> forwards, String name) {
        return forwards.stream().filter(forward -> forward.name().equals(name)).toList();
    }

    private List<Forward> besideTheFile(Settings settings, ParallelTasks questions) {
        Optional<StatusAnswer> answer = settings.status().listen().flatMap(address -> questions
                .ask(() -> computer.status(address))
                .answer());
        return new RunningProxy(settings.status(), answer)
                .snapshot()
                .map(running -> RunningForward.besideTheFile(running, settings))
                .orElse(List.of());
    }
}
