package io.github.wslproxy.cli;

import io.github.wslproxy.app.Logging;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * How this process ends by Ctrl-C, SIGTERM and a closed terminal, in order or at once. A shutdown hook would be
 * simpler, but the exit status of the JVM is then that of the signal, and while hooks run it is deaf to a second one.
 */
final class ProcessExit {
    /** The signals with their numbers. The JVM leaves SIGHUP ignored where it was at the start, as under nohup. */
    private static final Map<String, Integer> SIGNALS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

    /** Is added to the number of a signal to give the exit status, as shells count. */
    private static final int ENDED_BY_SIGNAL = 128;

    /** The longest wait for a disk or a console that stands still. */
    private static final long LAST_ACTS_MILLIS = 1500;

    private static volatile boolean endsAtOnce;

    private ProcessExit() {}

    /**
     * The first signal interrupts the calling thread; a second one ends the JVM at once, with the status of that one.
     */
    static void interruptOnSignal() {
        interruptOnSignal(() -> {});
    }

    /** @param lastAct is tried for a moment before the end at once */
    static void interruptOnSignal(Runnable lastAct) {
        Thread waiting = Thread.currentThread();
        AtomicBoolean heardOne = new AtomicBoolean();
        SIGNALS.forEach((name, number) -> onSignal(name, () -> {
            if (heardOne.compareAndSet(false, true)) {
                waiting.interrupt();
            } else {
                atOnce(ENDED_BY_SIGNAL + number, lastAct);
            }
        }));
    }

    /**
     * Runs the action on a thread of the JVM at each signal of that name, without its {@code SIG}. It uses reflection
     * because {@code sun.misc.Signal} is the only way, and nothing turns off javac's warning about it.
     */
    static void onSignal(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object runsAction = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        action.run();
                        return null;
                    });
            Object one = signal.getConstructor(String.class).newInstance(name);
            signal.getMethod("handle", signal, handler).invoke(null, one, runsAction);
        } catch (ReflectiveOperationException noSuchSignal) {
            // Windows has no SIGHUP. The JVM leaves all signals to the system with -Xrs, which service wrappers set.
            return;
        }
    }

    /**
     * Ends this process and what it has started, without waiting for anybody. The last lines of the log are still
     * written.
     */
    static void atOnce(int status) {
        atOnce(status, () -> {});
    }

    private static void atOnce(int status, Runnable lastAct) {
        endsAtOnce = true;
        try {
            ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
            tryToRun(() -> {
                lastAct.run();
                Logging.flush();
            });
        } finally {
            Runtime.getRuntime().halt(status);
        }
    }

    private static void tryToRun(Runnable lastActs) {
        Thread trying = new Thread(lastActs, "wslproxy-last-acts");
        trying.setDaemon(true);
        trying.start();
        try {
            trying.join(LAST_ACTS_MILLIS);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    /** Holds up an end in order while an end at once is under way, which then decides the exit status. */
    static void awaitEndAtOnce() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2 * LAST_ACTS_MILLIS);
        while (endsAtOnce && System.nanoTime() < deadline) {
            LockSupport.parkNanos(deadline - System.nanoTime());
        }
    }
}
