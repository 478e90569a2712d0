package io.github.wslproxy.cli;

import io.github.wslproxy.app.InstanceLock;
import io.github.wslproxy.app.RunningInstance;
import io.github.wslproxy.app.RunningInstance.Started;
import io.github.wslproxy.app.StateDirectory;
import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.FakeRunner;
import io.github.wslproxy.windows.task.Account;
import io.github.wslproxy.windows.task.FakeTaskTools;
import io.github.wslproxy.windows.task.InstalledProgram;
import io.github.wslproxy.windows.task.LauncherLetters;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** A pretend Windows whose Task Scheduler starts a pretend program, and the commands that install and control it. */
abstract class LogonFixture {
    static final long OWN_PID = ProcessHandle.current().pid();
    static final Account ALICE =
            new Account("PC\\alice", Optional.of("S-1-5-21-1-2-3-1001"), Optional.of(false), Optional.of(false));

    @TempDir
    Path temp;

    final FakeTaskTools windows = new FakeTaskTools().withNothing();
    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();
    Path config;
    StateDirectory state;
    Account account = ALICE;
    boolean isWindows = true;
    LauncherLetters letters = new LauncherLetters(StandardCharsets.UTF_8);
    Path defaultConfig = Path.of("default.toml");
    boolean startIt = true;
    Optional<Thread> program = Optional.empty();

    @BeforeEach
    void configure() throws IOException {
        state = new StateDirectory(temp.resolve("state"), temp.resolve("state/logs/wslproxy.log"));
        config = Files.writeString(temp.resolve("proxy.toml"), """
                [wsl]
                address = "192.0.2.1"
                [[forward]]
                port = 3000
                """);
        windows.starts(this::startProgram);
    }

    @AfterEach
    void endProgram() {
        program.ifPresent(Thread::interrupt);
    }

    void startProgram() {
        Thread thread = new Thread(() -> {
            try (InstanceLock lock = InstanceLock.take(config, state)) {
                lock.announce(new Started(Optional.empty(), Map.of(), List.of("FORWARD", "tcp-3000")));
                lock.awaitStopRequest();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((ended, failure) -> {});
        thread.start();
        program = Optional.of(thread);
    }

    void failProgram(String why) {
        try (InstanceLock lock = InstanceLock.take(config, state)) {
            lock.fail(why);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    void startProgramAndWait() throws Exception {
        startProgram();
        Await.until(() -> RunningInstance.of(config, state)
                .flatMap(RunningInstance::startTable)
                .isPresent());
    }

    int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        InstallContext context = new InstallContext(
                isWindows,
                isWindows ? windows.autostart() : windows.autostartElsewhere(),
                state,
                () -> account,
                () -> new InstalledProgram("C:\\Program", "C:\\Program\\runtime\\bin\\javaw.exe"),
                letters,
                file -> file.equals(defaultConfig),
                () -> startIt);
        CommandLine command = Commands.line(new WslProxyCommand(), commandsOf(context));
        command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return command.execute(arguments);
    }

    int runWithConfig(String... arguments) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--config";
        all[arguments.length + 1] = config.toString();
        return run(all);
    }

    private static IFactory commandsOf(InstallContext context) {
        return new IFactory() {
            @Override
            public <K> K create(Class<K> type) throws Exception {
                if (type.getPackage().equals(InstallContext.class.getPackage()) && takesContext(type)) {
                    return type.getDeclaredConstructor(InstallContext.class).newInstance(context);
                }
                return CommandLine.defaultFactory().create(type);
            }
        };
    }

    private static boolean takesContext(Class<?> type) {
        return List.of(type.getDeclaredConstructors()).stream()
                .anyMatch(
                        constructor -> List.of(constructor.getParameterTypes()).contains(InstallContext.class));
    }

    void installed(String task) throws IOException {
        installed(FakeRunner.ended(0, task), "");
    }

    void installed(CommandResult task, String runKey) throws IOException {
        windows.when("schtasks /Query", task);
        if (!runKey.isEmpty()) {
            windows.when("reg query", runKey);
        }
        Files.createDirectories(state.path());
        Files.writeString(state.installedConfig(), config.toString());
    }

    static void writeLog(Path log, String text) throws IOException {
        Files.createDirectories(log.getParent());
        Files.writeString(log, text);
    }
}
