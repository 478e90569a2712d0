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
import java.util.stream.Stream;

/**
 * Walks the chain from the configuration to the LAN link by link and says how each stands. It asks and never guesses:
 * what does not answer is not known. It changes nothing and wakes no VM, unless {@code [wsl] command} does, which it
 * runs; what it connects to gets no byte.
 */
public final class Doctor {
    /** wsl.exe may hang, and PowerShell takes seconds to start. */
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    private final Environment computer;
    private final ConfigReader reader;
    private final Duration patience;

    /** Reads a configuration. */
    interface ConfigReader {
        Settings read(Path file) throws ConfigException;
    }

    /** The configuration has no forward of the name that was asked for. */
    public static final class NoSuchForwardException extends Exception {
        private static final long serialVersionUID = 1L;

        NoSuchForwardException(String name, List<String> names) {
            super("no forward is called \"" + name + "\" (expected one of: " + String.join(", ", names) + ")");
        }

        private NoSuchForwardException(String message) {
            super(message);
        }

        static NoSuchForwardException switchedOff(String name) {
            return new NoSuchForwardException(
                    "\"" + name + "\" is switched off by enabled = false, so nothing listens for it");
        }
    }

    /** @param patience for all answers together */
    Doctor(Environment computer, ConfigReader reader, Duration patience) {
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
     * @param name of the one forward to look at, which the LAN is then expected to reach; empty: all forwards
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
        try (ParallelTasks tasks = new ParallelTasks(patience)) {
            List<Forward> forwards = chosen(settings, name, tasks);
            return new DoctorRun(computer, tasks, config, settings, forwards, name.isPresent()).diagnosis();
        }
    }

    private Diagnosis unreadable(Path config, ConfigException invalid) {
        List<Finding> findings = new ArrayList<>(ConfigurationCheck.of(config, invalid));
        findings.addAll(new JavaCheck(computer.java(), computer.isWindows(), Optional.empty()).findings());
        for (ChainLink link : ChainLink.values()) {
            if (link.compareTo(ChainLink.ACCOUNT) >= 0) {
                findings.add(Finding.skipped(link, "the configuration cannot be used"));
            }
        }
        return new Diagnosis(config.toString(), findings);
    }

    private List<Forward> chosen(Settings settings, Optional<String> name, ParallelTasks tasks)
            throws NoSuchForwardException {
        if (name.isEmpty()) {
            return settings.forwards();
        }
        List<Forward> named = named(settings.forwards(), name.get());
        if (!named.isEmpty()) {
            return named;
        }
        List<Forward> beside =
                RunningProxy.ask(settings.status(), computer, tasks).besideTheFile(settings);
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
}
