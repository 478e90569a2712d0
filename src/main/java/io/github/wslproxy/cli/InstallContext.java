package io.github.wslproxy.cli;

import io.github.wslproxy.app.StateDirectory;
import io.github.wslproxy.os.OperatingSystem;
import io.github.wslproxy.windows.task.Account;
import io.github.wslproxy.windows.task.Autostart;
import io.github.wslproxy.windows.task.InstalledProgram;
import io.github.wslproxy.windows.task.Launch;
import io.github.wslproxy.windows.task.LauncherLetters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What the commands install, uninstall, start and stop work with.
 *
 * @param windows whether there is a logon task at all
 * @param account asks Windows, which takes a while
 * @param program fails if wslproxy does not run from an unpacked zip
 * @param letters what Java takes in a command line
 * @param defaultConfig whether a configuration is the one that is taken without {@code --config}
 * @param confirmStart asks the person at the console whether to start wslproxy; yes where there is none
 */
record InstallContext(
        boolean windows,
        Autostart autostart,
        StateDirectory state,
        Supplier<Account> account,
        Callable<InstalledProgram> program,
        LauncherLetters letters,
        Predicate<Path> defaultConfig,
        Supplier<Boolean> confirmStart) {

    static InstallContext onThisComputer() {
        return new InstallContext(
                OperatingSystem.isWindows(),
                Autostart.ofThisUser(),
                StateDirectory.ofThisUser(),
                Account::ofThisProcess,
                InstalledProgram::find,
                LauncherLetters.ofThisJava(),
                DefaultConfig::isOfThisUser,
                () -> Terminal.confirms("Start it now?", true).orElse(true));
    }

    /** The configuration that was installed, if one was. */
    Optional<Path> installedConfig() {
        return installedConfig(state);
    }

    static Optional<Path> installedConfig(StateDirectory state) {
        try {
            state.check();
            return Optional.of(Path.of(Files.readString(state.installedConfig()).strip()));
        } catch (IOException | RuntimeException none) {
            return Optional.empty();
        }
    }

    /**
     * The configuration that a command acts on: the one that was named, else the installed one, else the default one.
     */
    Path config(SubCommand command) {
        return command.isConfigNamed()
                ? command.configFile().toAbsolutePath()
                : installedConfig().orElseGet(command::configFile);
    }

    /**
     * How Windows starts the program. It names the default configuration in no argument, since Java would not take each
     * letter of the path.
     */
    Launch launch(InstalledProgram installed, Path config) {
        return installed.launch(defaultConfig.test(config) ? Optional.empty() : Optional.of(config.toString()));
    }

    /**
     * Starts the program now, as Windows does at logon.
     *
     * @param launch asked for the Run key only, as the task knows it
     * @return the exit status of its process; empty while that runs, or if Windows does not tell
     */
    Supplier<OptionalInt> start(boolean byRunKey, Callable<Launch> launch) throws Exception {
        return byRunKey
                ? autostart.runKey().start(launch.call(), state.logonOptions())
                : autostart.task().run();
    }

    /** Whether what starts at logon starts this configuration. */
    boolean startsAtLogon(Path config) {
        return installedConfig().map(installed -> isSame(installed, config)).orElse(true);
    }

    /** Whether both lead to the same file. */
    static boolean isSame(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException gone) {
            return one.equals(other);
        }
    }
}
