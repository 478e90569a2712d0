package io.github.wslproxy.cli;

import io.github.wslproxy.config.Spelling;
import io.github.wslproxy.os.SafeText;
import io.github.wslproxy.os.ShellWord;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.MaxValuesExceededException;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what is wrong with a command line. The library would speak of indexes and types of Java. */
final class UsageText {
    /** Commands of other programs, and what does that here. */
    private static final Map<String, String> ELSEWHERE = Map.of(
            "run", "wslproxy without a command runs it",
            "up", "wslproxy without a command runs it",
            "serve", "wslproxy without a command runs it",
            "down", "wslproxy stop ends it",
            "ps", "wslproxy status shows it",
            "log", "wslproxy logs shows it",
            "config", "wslproxy init writes a configuration");

    private UsageText() {}

    static String of(ParameterException failure) {
        if (failure instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            return unmatched(failure.getCommandLine(), unmatched.getUnmatched().get(0));
        }
        if (failure instanceof MissingParameterException missing
                && !missing.getMissing().isEmpty()) {
            return missing(failure.getCommandLine(), missing.getMissing());
        }
        ArgSpec argument = failure.getArgSpec();
        if (failure instanceof OverwrittenOptionException twice) {
            return name(twice.getOverwritten()) + " is given twice";
        }
        if (argument != null && (argument.type() == boolean.class || failure instanceof MaxValuesExceededException)) {
            return name(argument) + " takes no value";
        }
        if (argument != null && failure.getCause() instanceof TypeConversionException wrong) {
            return name(argument) + ": " + SafeText.escaped(String.valueOf(wrong.getMessage()));
        }
        return SafeText.escaped(String.valueOf(failure.getMessage()));
    }

    // ---- what is not known

    private static String unmatched(CommandLine command, String word) {
        CommandSpec spec = command.getCommandSpec();
        boolean isProgram = spec.parent() == null;
        if (word.startsWith("-") && word.length() > 1) {
            return unknownOption(spec, word.replaceFirst("=.*", ""));
        }
        return isProgram ? unknownCommand(command, word) : surplus(spec, word);
    }

    private static String unknownOption(CommandSpec spec, String word) {
        List<String> known =
                spec.options().stream().map(OptionSpec::longestName).toList();
        return spec.qualifiedName() + " has no option " + SafeText.escaped(word) + meant(word, known);
    }

    static String unknownCommand(CommandLine command, String word) {
        List<String> known = List.copyOf(command.getSubcommands().keySet());
        return "there is no command \"" + SafeText.escaped(word) + "\""
                + Optional.ofNullable(ELSEWHERE.get(word))
                        .map(hint -> "; " + hint)
                        .orElseGet(() -> meant(word, known));
    }

    private static String meant(String word, List<String> known) {
        return Spelling.nearest(word, known)
                .map(nearest -> "; did you mean \"" + nearest + "\"?")
                .orElse("");
    }

    private static String surplus(CommandSpec spec, String word) {
        String shown = "\"" + SafeText.escaped(word) + "\"";
        if (word.endsWith(".toml") && spec.findOption("--config") != null) {
            return spec.name() + " takes no file name here; did you mean: " + spec.qualifiedName() + " --config "
                    + ShellWord.of(word);
        }
        return spec.positionalParameters().isEmpty()
                ? spec.qualifiedName() + " takes no word such as " + shown
                : spec.qualifiedName() + " takes one "
                        + name(spec.positionalParameters().get(0)) + ", and " + shown + " is one too many";
    }

    // ---- what is missing

    private static String missing(CommandLine command, List<ArgSpec> missing) {
        ArgSpec first = missing.get(0);
        if (first instanceof OptionSpec option && !option.required()) {
            return option.longestName() + " needs a value: " + option.paramLabel();
        }
        return command.getCommandSpec().qualifiedName() + " needs "
                + missing.stream().map(UsageText::name).collect(Collectors.joining(" and "));
    }

    private static String name(@Nullable ArgSpec argument) {
        if (argument instanceof OptionSpec option) {
            return option.longestName();
        }
        return argument == null ? "" : argument.paramLabel();
    }
}
