package io.github.wslproxy.cli;

import io.github.wslproxy.app.StartException;
import io.github.wslproxy.config.ConfigException;
import io.github.wslproxy.os.Fault;
import io.github.wslproxy.os.UserFolders.NoHomeException;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Gives every failure its exit status and its line on stderr. */
final class FailurePrinter implements IExecutionExceptionHandler {

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        if (failure instanceof ConfigException invalid) {
            invalid.problems().forEach(err::println);
            return ExitCode.USAGE;
        }
        if (failure instanceof NotRunningException) {
            err.println(failure.getMessage());
            return ExitCode.FAILED;
        }
        boolean expected = isExpected(failure);
        err.println("wslproxy: " + (expected ? failure.getMessage() : "unexpected: " + failure));
        if (isVerbose(parsed)) {
            failure.printStackTrace(err);
        } else if (!expected) {
            err.println("wslproxy: run it again with --verbose and report what it prints");
        }
        return ExitCode.FAILED;
    }

    /** Tells in one line why a run has failed. */
    static String line(Throwable failure) {
        if (failure instanceof ConfigException invalid) {
            int more = invalid.problems().size() - 1;
            return invalid.problems().get(0) + (more == 0 ? "" : " (and " + more + " more)");
        }
        return isExpected(failure) ? String.valueOf(failure.getMessage()) : "unexpected: " + Fault.line(failure);
    }

    private static boolean isExpected(Throwable failure) {
        return failure instanceof StartException
                || failure instanceof IOException
                || failure instanceof NoHomeException;
    }

    /** Prints one line and where to read on; the whole help would push that line off the screen. */
    static int wrongUsage(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        command.getErr()
                .println("wslproxy: " + UsageText.of(failure) + " (see "
                        + command.getCommandSpec().qualifiedName() + " --help)");
        return ExitCode.USAGE;
    }

    /** The option may stand before or after the name of a command. */
    private static boolean isVerbose(ParseResult parsed) {
        return parsed.asCommandLineList().stream()
                .anyMatch(line -> line.getParseResult().matchedOptionValue(WslProxyCommand.VERBOSE, false));
    }
}
