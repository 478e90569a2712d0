package io.github.wslproxy.os;

import io.github.wslproxy.forward.Durations;
import java.time.Duration;
import java.util.Optional;

/** How a command ended. Texts are decoded as {@link ConsoleText} does it. */
public sealed interface CommandResult {

    /** The time from the start to the end. */
    Duration took();

    /** What came back, in one line for a person. */
    String summary();

    /** What the command printed on stdout, if it ended with status 0. */
    default Optional<String> answer() {
        return this instanceof Ended ended && ended.exit() == 0 ? Optional.of(ended.output()) : Optional.empty();
    }

    /** The command ran to its end. The two streams are kept apart, because WSL writes its warnings to stderr. */
    record Ended(int exit, String output, String errors, Duration took) implements CommandResult {
        @Override
        public String summary() {
            String both = "exit " + exit + ", " + SafeText.excerpt(output);
            return errors.isBlank() ? both : both + ", on stderr " + SafeText.excerpt(errors);
        }
    }

    /** There is no such program, or it may not be run. */
    record NotStarted(String why, Duration took) implements CommandResult {
        @Override
        public String summary() {
            return "not started: " + SafeText.excerpt(why);
        }
    }

    /** The command was killed at the deadline. */
    record TimedOut(String output, Duration took) implements CommandResult {
        @Override
        public String summary() {
            return "no answer within " + within() + ", so it was killed; it had printed " + SafeText.excerpt(output);
        }

        /** The time that the command was given, in words. */
        public String within() {
            return Durations.format(Duration.ofMillis(took.toMillis() / 100 * 100));
        }
    }

    /** The command was killed because it printed more than {@code limit} bytes. */
    record TooLong(int limit, Duration took) implements CommandResult {
        @Override
        public String summary() {
            return "killed, more than " + limit + " bytes of output";
        }
    }

    /** The command was killed because the calling thread was interrupted. */
    record Interrupted(Duration took) implements CommandResult {
        @Override
        public String summary() {
            return "killed, wslproxy is stopping";
        }
    }
}
