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
     * Hands {@code failure} to the handler of uncaught exceptions, which ends the process. Executors and Netty would
     * keep it to themselves.
     */
    public static void escalate(Throwable failure) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
    }

    /**
     * Runs work that may fail this once. An {@link Error} is {@linkplain #escalate escalated}, as nothing is known of
     * the state of Java after it, unless only the buffers for bytes on their way are used up.
     *
     * @param onFailure told, on the same thread, of any other failure
     */
    public static void contain(Runnable work, Consumer<Throwable> onFailure) {
        try {
            work.run();
        } catch (RuntimeException defect) {
            onFailure.accept(defect);
        } catch (Error fatal) {
            if (isBearable(fatal)) {
                onFailure.accept(fatal);
            } else {
                escalate(fatal);
            }
        }
    }

    /**
     * Runs work that must never be half done, such as giving back a slot: whatever it throws is {@linkplain #escalate
     * escalated}. Netty would log it and go on.
     */
    public static void escalating(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error defect) {
            escalate(defect);
        }
    }

    /** Escalates what the events of a channel or a socket have thrown, unless it concerns that one alone. */
    public static void escalateFatal(Throwable failure) {
        if (failure instanceof Error fatal && !isBearable(fatal)) {
            escalate(fatal);
        }
    }

    /**
     * Whether only direct memory is used up, which has a limit of its own (-XX:MaxDirectMemorySize): nothing is broken
     * then. Netty throws a subclass for it, and java.nio.Bits this message.
     */
    private static boolean isBearable(Error fatal) {
        return fatal instanceof OutOfMemoryError
                && (fatal.getClass() != OutOfMemoryError.class
                        || String.valueOf(fatal.getMessage()).startsWith("Cannot reserve"));
    }

    /** Tells in one line of limited length what failed, why, and which line of this program was last reached. */
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
