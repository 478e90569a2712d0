package io.github.wslproxy.doctor;

import io.github.wslproxy.config.ConfigException;
import io.github.wslproxy.config.Problem;
import io.github.wslproxy.config.Settings;
import io.github.wslproxy.os.OwnCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Whether the configuration can be used. */
final class ConfigurationCheck {
    private ConfigurationCheck() {}

    static Finding of(Path config, Settings settings) {
        int forwards = settings.forwards().size();
        String auto = settings.auto().isPresent() ? " and [auto]" : "";
        return Finding.ok(
                ChainLink.CONFIGURATION,
                config + " is valid, " + forwards + (forwards == 1 ? " forward" : " forwards") + auto);
    }

    /** One for each problem, worded as {@code check} prints it. */
    static List<Finding> of(Path config, ConfigException invalid) {
        if (Files.notExists(config)) {
            return List.of(Finding.broken(
                    ChainLink.CONFIGURATION,
                    config + ": there is no such file",
                    OwnCommand.naming(config).line("init")));
        }
        return invalid.problems().stream()
                .map(problem -> Finding.broken(ChainLink.CONFIGURATION, problem.toString(), cure(problem))
                        .noting("then: " + OwnCommand.naming(config).line("check")))
                .toList();
    }

    private static String cure(Problem problem) {
        return "correct line " + problem.line() + " of " + problem.file();
    }
}
