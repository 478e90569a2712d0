package io.github.wslproxy.bench.compare.program;

import io.github.wslproxy.bench.compare.figure.Column;
import io.github.wslproxy.bench.compare.lab.Background;
import io.github.wslproxy.bench.compare.lab.FailedRunException;
import io.github.wslproxy.bench.compare.lab.Lab;
import io.github.wslproxy.bench.compare.lab.Listening;
import io.github.wslproxy.bench.compare.lab.ProcessTree;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** A program that runs and listens on all its routes, or no program: then a client goes straight to the target. */
public final class Relay implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** How finely the time to listen is taken; one look takes less than one. */
    private static final Duration LOOK = Duration.ofMillis(2);

    private final Column column;
    private final Assignment assignment;
    private final List<Background> processes;
    private final Duration timeToListen;

    private Relay(Column column, Assignment assignment, List<Background> processes, Duration timeToListen) {
        this.column = column;
        this.assignment = assignment;
        this.processes = processes;
        this.timeToListen = timeToListen;
    }

    /** Starts a program and waits until it listens. */
    public static Relay start(Program program, Assignment assignment, Lab lab)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        List<Background> processes = program.launch(assignment, lab);
        Relay relay = null;
        try {
            if (!processes.isEmpty()) {
                awaitListening(assignment, processes);
            }
            Duration taken = Duration.ofNanos(System.nanoTime() - begin);
            relay = new Relay(program.column(), assignment, processes, taken);
            return relay;
        } finally {
            if (relay == null) {
                processes.forEach(Background::close);
            }
        }
    }

    public Column column() {
        return column;
    }

    /** Whether it is a program at all, and takes something of the computer. */
    public boolean isProgram() {
        return !processes.isEmpty();
    }

    /** From its exec to the last of its ports. */
    public Duration timeToListen() {
        return timeToListen;
    }

    /** Where clients connect to, on 127.0.0.1. */
    public int port(int route) {
        Route of = assignment.routes().get(route);
        return isProgram() ? of.listen() : of.target();
    }

    /** Where the server has to be, on 127.0.0.1. */
    public int targetPort(int route) {
        return assignment.routes().get(route).target();
    }

    public ProcessTree processes() {
        return new ProcessTree(processes.stream().map(Background::pid).toList());
    }

    /** Something that needs the relay. */
    public interface Use<T> {
        T run() throws IOException, InterruptedException;
    }

    /**
     * Uses it. If it ends meanwhile, then that is the failure, and not what its clients saw of it.
     *
     * @throws FailedRunException with what it said last
     */
    public <T> T during(Use<T> use) throws IOException, InterruptedException {
        try {
            T result = use.run();
            requireAlive();
            return result;
        } catch (IOException e) {
            requireAlive();
            throw e;
        }
    }

    private void requireAlive() throws IOException {
        for (Background process : processes) {
            process.requireAlive();
        }
    }

    @Override
    public void close() {
        processes.forEach(Background::close);
    }

    private static void awaitListening(Assignment assignment, List<Background> processes)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!isListening(assignment)) {
            for (Background process : processes) {
                process.requireAlive();
            }
            if (System.nanoTime() > deadline) {
                throw new FailedRunException("does not listen after " + PATIENCE.toSeconds() + " s: "
                        + processes.get(0).lastWords());
            }
            Thread.sleep(LOOK.toMillis());
        }
    }

    private static boolean isListening(Assignment assignment) throws IOException {
        Set<Integer> tcp = Listening.tcp();
        Set<Integer> udp = Listening.udp();
        return assignment.routes().stream()
                .flatMap(Route::each)
                .allMatch(route -> (route.protocol() == Protocol.TCP ? tcp : udp).contains(route.listen()));
    }
}
