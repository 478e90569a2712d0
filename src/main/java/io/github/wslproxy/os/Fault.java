package io.github.wslproxy.os;

import java.util.Arrays;
import java.util.function.Consumer;

/** Failures that nobody expected. Safe for any thread. */
public final class Fault {
    private static final String OWN_CLASSES = "io.github.wslproxy.";
    private static final int MOST_CHARACTERS = 300;
    private static final int MOST_CAUSES = 5;

    private Fault() {}

    /**
     * Hands {@code failure} to the handler of uncaught exceptions, which ends the process. For code whose caller would
     * keep it to itself, as executors and Netty do.
     */
    public static void escalate(Throwable failure) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
    }

    /**
     * Runs what can do without this one run. An {@link Error} is {@linkplain #escalate escalated}: after it nothing is
     * known of the state of Java, unless it is only that the buffers for bytes on their way are used up.
     *
     * @param said is given what else failed, on the same thread
     */
    public static void contain(Runnable run, Consumer<Throwable> said) {
        try {
            run.run();
        } catch (RuntimeException defect) {
            said.accept(defect);
        } catch (Error fatal) {
            if (isBearable(fatal)) {
                said.accept(fatal);
            } else {
                escalate(fatal);
            }
        }
    }

    /**
     * Runs what nothing may be half done of, such as the count of a slot: whatever it throws is {@linkplain #escalate
     * escalated}. Netty would log it and go on.
     */
    public static void escalating(Runnable run) {
        try {
            run.run();
        } catch (RuntimeException | Error defect) {
            escalate(defect);
        }
    }

    /** What Netty brings to {@code exceptionCaught} may be no matter of that channel alone. */
    public static void escalateFatal(Throwable failure) {
        if (failure instanceof Error fatal && !isBearable(fatal)) {
            escalate(fatal);
        }
    }

    /**
     * Whether what threw {@code fatal} could do without it this time, and nothing is broken: direct memory has a limit
     * of its own (-XX:MaxDirectMemorySize), and who finds none left has not harmed anybody. Netty throws a subclass
     * then, and java.nio.Bits this message.
     */
    private static boolean isBearable(Error fatal) {
        return fatal instanceof OutOfMemoryError
                && (fatal.getClass() != OutOfMemoryError.class
                        || String.valueOf(fatal.getMessage()).startsWith("Cannot reserve"));
    }

    /** In one line of limited length: what, why, and which line of this program was last reached. */
    public static String line(Throwable failure) {
        StringBuilder line = new StringBuilder(failure.toString());
        Throwable root = failure;
        for (int i = 0; i < MOST_CAUSES && root.getCause() != null; i++) {
            root = root.getCause();
            line.append(", by ").append(root);
        }
        String told = line.toString().replaceAll("\\p{Cntrl}+", " ");
        return (told.length() > MOST_CHARACTERS ? told.substring(0, MOST_CHARACTERS) + "..." : told) + place(root);
    }

    private static String place(Throwable failure) {
        StackTraceElement[] frames = failure.getStackTrace();
        return Arrays.stream(frames)
                .filter(frame -> frame.getClassName().startsWith(OWN_CLASSES))
                .findFirst()
                .or(() -> Arrays.stream(frames).findFirst())
                .map(frame -> " (at " + frame.getFileName() + ":" + frame.getLineNumber() + ")")
                .orElse("");
    }
}
