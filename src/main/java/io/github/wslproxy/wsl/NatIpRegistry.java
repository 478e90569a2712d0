package io.github.wslproxy.wsl;

import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.os.CommandRunner;
import io.github.wslproxy.os.OperatingSystem;
import io.github.wslproxy.os.ProcessRunner;
import io.github.wslproxy.os.Programs;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address that WSL gave its VM at the last start in NAT mode, and asks for again at the next. WSL keeps it in the
 * registry for itself (WslCoreConfig.h, NatNetworking.cpp), so it may be missing, or stale after a change of the mode.
 * Reading it wakes nothing and does not need wsl.exe.
 */
public final class NatIpRegistry {
    private static final String KEY = "HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Lxss";
    private static final String NAME = "NatIpAddress";
    private static final Pattern VALUE = Pattern.compile("(?m)^\\s+" + NAME + "\\s+REG_SZ\\s+(\\S+)\\s*$");
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int MOST_OUTPUT = 4096;

    private final CommandRunner runner;
    private final String reg;
    private final boolean windows;

    NatIpRegistry(CommandRunner runner, String reg, boolean windows) {
        this.runner = runner;
        this.reg = reg;
        this.windows = windows;
    }

    public static NatIpRegistry ofThisComputer() {
        return new NatIpRegistry(
                new ProcessRunner(Optional.empty(), MOST_OUTPUT),
                Programs.ofThisComputer().system("reg"),
                OperatingSystem.isWindows());
    }

    /** The address; empty if there is none, and on other systems than Windows. Blocks, for five seconds at worst. */
    public Optional<InetAddress> read() {
        if (!windows) {
            return Optional.empty();
        }
        CommandResult result = runner.run(List.of(reg, "query", KEY, "/v", NAME), TIMEOUT);
        String output = result instanceof CommandResult.Ended ended ? ended.output() : "";
        Matcher value = VALUE.matcher(output);
        return value.find() ? Optional.ofNullable(IpLiteral.parse(value.group(1))) : Optional.empty();
    }
}
