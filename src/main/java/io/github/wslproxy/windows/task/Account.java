package io.github.wslproxy.windows.task;

import io.github.wslproxy.os.OperatingSystem;
import io.github.wslproxy.windows.SystemTools;
import io.github.wslproxy.windows.ToolCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who this process runs as, as far as it matters to WSL, whose distributions belong to one account.
 *
 * @param user {@code DOMAIN\name}
 * @param sid what Windows calls that account; empty: not known
 * @param elevated whether it has the rights of an administrator; empty: not known
 * @param sessionZero whether it runs where services do instead of on somebody's desktop; empty: not known
 */
public record Account(String user, Optional<String> sid, Optional<Boolean> elevated, Optional<Boolean> sessionZero) {
    private static final String SYSTEM = "S-1-5-18";

    /** An elevated process has integrity level S-1-16-12288 (high) or more; 8192 and 8448 are medium. */
    private static final int HIGH = 12288;

    private static final Pattern LABEL = Pattern.compile("\"S-1-16-(\\d{1,9})\"");
    private static final Pattern USER = Pattern.compile("(?m)^\"[^\"]*\",\"(S-1-[0-9-]+)\"\\s*$");

    private static final ToolCommand USER_AND_GROUPS =
            ToolCommand.of("whoami", "/user", "/groups", "/fo", "csv", "/nh");

    /** Asks Windows, and blocks for up to half a minute. On other systems only the name is known. */
    public static Account ofThisProcess() {
        return OperatingSystem.isWindows()
                ? of(
                        SystemTools.ofThisComputer(Autostart.TIMEOUT),
                        System.getenv(),
                        ProcessHandle.current().pid())
                : new Account(
                        System.getProperty("user.name", ""), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * Group names are localized, SIDs are not. The user's own name comes from Java, since whoami writes it for
     * consoles.
     */
    static Account of(SystemTools tools, Map<String, String> environment, long pid) {
        String whoami = tools.ask(USER_AND_GROUPS).orElse("");
        return new Account(
                userOf(environment),
                firstGroup(USER, whoami),
                firstGroup(LABEL, whoami).map(level -> Integer.parseInt(level) >= HIGH),
                session(tools, pid).map(session -> session == 0));
    }

    static String userOf(Map<String, String> environment) {
        String name = environment.getOrDefault("USERNAME", System.getProperty("user.name", ""));
        String domain = environment.getOrDefault("USERDOMAIN", "");
        return domain.isEmpty() ? name : domain + "\\" + name;
    }

    /** The 1 of {@code "javaw.exe","4711","Console","1","30,000 K"}; the session's name before it is localized. */
    private static Optional<Integer> session(SystemTools tools, long pid) {
        ToolCommand ask = ToolCommand.of("tasklist", "/fi", "\"pid eq " + pid + "\"", "/fo", "csv", "/nh");
        Pattern row = Pattern.compile("(?m)^\"[^\"]*\",\"" + pid + "\",\"[^\"]*\",\"(\\d{1,6})\"");
        return firstGroup(row, tools.ask(ask).orElse("")).map(Integer::parseInt);
    }

    private static Optional<String> firstGroup(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** Whether it is the account of Windows itself. */
    public boolean isSystem() {
        return sid.filter(SYSTEM::equals).isPresent();
    }

    /** How the Task Scheduler identifies the account. */
    public String id() {
        return sid.orElse(user);
    }

    /**
     * A reason not to run as an account.
     *
     * @param cause what it is, without a full stop
     * @param cure what to do about it
     */
    public record Warning(String cause, String cure) {
        /** All of it in one line. */
        public String line() {
            return cause + ": " + cure;
        }
    }

    /** The reasons not to run as this account; none if nothing is known. */
    public List<Warning> warnings() {
        List<Warning> warnings = new ArrayList<>();
        if (isSystem()) {
            warnings.add(new Warning(
                    "it runs as SYSTEM, for which WSL does not work (WSL_E_LOCAL_SYSTEM_NOT_SUPPORTED)",
                    "run it as the account that uses WSL, for which wslproxy install makes a logon task"));
            return warnings;
        }
        if (elevated.orElse(false)) {
            warnings.add(new Warning(
                    "it runs as administrator, which it never needs; where Windows has administrator protection that"
                            + " is another account, without your WSL distributions",
                    "start it from a window that is not elevated"));
        }
        if (sessionZero.orElse(false)) {
            warnings.add(new Warning(
                    "it runs in session 0, as services and tasks \"whether the user is logged on or not\" do, where"
                            + " WSL fails or works unreliably (microsoft/WSL#9231)",
                    "wslproxy install makes a task that runs while you are logged on"));
        }
        return warnings;
    }
}
