package io.github.wslproxy.cli;

import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What Ctrl-C, SIGTERM and a closed terminal do. A shutdown hook would be simpler, but the JVM's exit status is then
 * the signal's, and while hooks run it is deaf to a second signal.
 */
final class SignalHandler {
    /** With their numbers. SIGHUP stays ignored where it was at the start, as under nohup: the JVM leaves that so. */
    private static final Map<String, Integer> SIGNALS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

    /** Added to the number of a signal it is the status of the process that it has ended, as shells count. */
    private static final int ENDED_BY_SIGNAL = 128;

    private SignalHandler() {}

    /**
     * The first signal interrupts the calling thread; a second one ends the JVM at once, with the status of that one.
     */
    static void interruptThisThread() {
        interruptThisThread(() -> {});
    }

    /** @param lastAct is tried for a moment before the end at once */
    static void interruptThisThread(Runnable lastAct) {
        Thread waiting = Thread.currentThread();
        AtomicBoolean heardOne = new AtomicBoolean();
        SIGNALS.forEach((name, number) -> on(name, () -> {
            if (heardOne.compareAndSet(false, true)) {
                waiting.interrupt();
            } else {
                ForcedExit.end(ENDED_BY_SIGNAL + number, lastAct);
            }
        }));
    }

    /**
     * Has the action done on a thread of the JVM, at each signal of that name (without its {@code SIG}); nothing where
     * there is none. By reflection, since javac's warning about {@code sun.misc.Signal}, the only way to it, cannot be
     * turned off.
     */
    static void on(String name, Runnable action) {
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
        } catch (ReflectiveOperationException notOurs) {
            // With -Xrs, which service wrappers set, the JVM leaves signals to the system: they end it at once. Windows
            // has
            // no SIGHUP.
            return;
        }
    }
}
