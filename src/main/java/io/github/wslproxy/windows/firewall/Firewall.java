package io.github.wslproxy.windows.firewall;

import io.github.wslproxy.os.CommandRunner;
import io.github.wslproxy.os.DefaultRoute;
import io.github.wslproxy.os.OperatingSystem;
import io.github.wslproxy.os.ProcessRunner;
import io.github.wslproxy.os.Programs;
import io.github.wslproxy.windows.powershell.PowerShell;
import io.github.wslproxy.windows.powershell.Scripts;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The firewall of this computer. */
public final class Firewall {
    /** PowerShell starts in a second or two, and in ten seconds where a security product watches it. */
    private static final Duration READING = Duration.ofSeconds(30);

    /** A person has to see the question of Windows and to type a password; Windows takes it back after two minutes. */
    private static final Duration APPLYING = Duration.ofMinutes(5);

    /** A rule is 200 to 500 characters, and those of wslproxy and of Java are few. */
    private static final int MOST_OUTPUT = 1 << 20;

    private static final Pattern ANSWER = Pattern.compile("(ended|refused) (-?\\d{1,10})");

    private static final int DISMISSED = 1223; // ERROR_CANCELLED

    private final PowerShell powerShell;
    private final boolean windows;
    private final Supplier<Optional<InetAddress>> route;

    /**
     * For tests.
     *
     * @param systemRoot the folder of Windows: {@code C:\Windows}
     * @param windows whether there is a firewall at all
     * @param route tells the address that the default route leaves from
     */
    public Firewall(CommandRunner runner, String systemRoot, boolean windows, Supplier<Optional<InetAddress>> route) {
        this.route = route;
        this.powerShell = new PowerShell(runner, systemRoot);
        this.windows = windows;
    }

    public static Firewall ofThisComputer() {
        String systemRoot = Programs.ofThisComputer().root();
        return new Firewall(
                new ProcessRunner(Optional.empty(), MOST_OUTPUT),
                systemRoot,
                OperatingSystem.isWindows(),
                DefaultRoute::address);
    }

    /** Whether this computer runs Windows, which has this firewall. */
    public boolean isHere() {
        return windows;
    }

    /**
     * Reads its settings; needs no administrator and changes nothing. Blocks, usually for a second or two and at
     * worst for half a minute: never call it on an event loop. Empty where it is not known, as on other systems than
     * Windows. Rules of other programs are not read, nor a firewall of another maker.
     */
    public Optional<FirewallState> state() {
        return windows
                ? powerShell
                        .ask(Scripts.firewallState(), READING)
                        .flatMap(output ->
                                StateText.read(output, name -> Optional.ofNullable(System.getenv(name)), route.get()))
                : Optional.empty();
    }

    /** How {@link #apply} ended. */
    public sealed interface ApplyOutcome {
        /** Windows ran all of them, and none reported an error. */
        record Applied() implements ApplyOutcome {}

        /** Windows asked whether PowerShell may do this as administrator, and nobody said yes. */
        record Dismissed() implements ApplyOutcome {}

        /** This one failed; those before it have been run, those after it have not. */
        record Failed(String command) implements ApplyOutcome {}

        /** They are more than Windows takes in one call; none has been run. */
        record TooLong() implements ApplyOutcome {}

        /** What became of it is not known: nothing came back, or nothing that can be read. */
        record NotKnown() implements ApplyOutcome {}
    }

    /**
     * Runs PowerShell commands as administrator, in order, up to the first that fails. Windows asks the user once.
     * Blocks for minutes at worst.
     */
    public ApplyOutcome apply(List<String> commands) {
        String script = Scripts.running(commands);
        if (!powerShell.takesElevated(script)) {
            return new ApplyOutcome.TooLong();
        }
        return powerShell
                .askElevated(script, APPLYING)
                .map(answer -> outcome(answer, commands))
                .orElseGet(ApplyOutcome.NotKnown::new);
    }

    private static ApplyOutcome outcome(String answer, List<String> commands) {
        Matcher words = ANSWER.matcher(answer);
        if (!words.matches()) {
            return new ApplyOutcome.NotKnown();
        }
        long number = Long.parseLong(words.group(2));
        if (words.group(1).equals("refused")) {
            return number == DISMISSED ? new ApplyOutcome.Dismissed() : new ApplyOutcome.NotKnown();
        }
        if (number == 0) {
            return new ApplyOutcome.Applied();
        }
        long failed = number - Scripts.FIRST_COMMAND;
        return failed >= 0 && failed < commands.size()
                ? new ApplyOutcome.Failed(commands.get((int) failed))
                : new ApplyOutcome.NotKnown();
    }
}
