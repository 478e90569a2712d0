package io.github.wslproxy.bench.compare.row;

import io.github.wslproxy.bench.compare.figure.Figure;
import io.github.wslproxy.bench.compare.figure.Sheet;
import io.github.wslproxy.bench.compare.lab.Lab;
import io.github.wslproxy.bench.compare.program.Program;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** One thing that is done to every program. */
public interface Row {
    /** Unique. What stands before its first hyphen is the group. */
    String name();

    List<Figure> figures();

    /** Programs that have to be installed for it. */
    default List<String> tools() {
        return List.of();
    }

    /** Why it is not for a program; empty if it is. */
    Optional<String> excludes(Program program);

    /**
     * Starts what all rounds share.
     *
     * @param programs that take part
     * @param sheet takes the results, and the failures
     */
    Session open(Lab lab, Pace pace, List<Program> programs, Sheet sheet) throws IOException, InterruptedException;

    /** A row between its first round and its last. */
    interface Session extends AutoCloseable {
        /**
         * Runs it once with each program.
         *
         * @param order all that take part, in the order of this round
         */
        void round(List<Program> order) throws InterruptedException;

        @Override
        void close() throws IOException;
    }
}
