package io.github.wslproxy.bench.compare.row;

import io.github.wslproxy.bench.compare.figure.Column;
import io.github.wslproxy.bench.compare.lab.Lab;
import io.github.wslproxy.bench.compare.program.Assignment;
import io.github.wslproxy.bench.compare.program.Program;
import io.github.wslproxy.bench.compare.program.Relay;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Programs that run at the same time. */
final class Relays implements AutoCloseable {
    private final Map<Column, Relay> running = new LinkedHashMap<>();

    Relay start(Program program, Assignment assignment, Lab lab) throws IOException, InterruptedException {
        Relay relay = Relay.start(program, assignment, lab);
        running.put(program.column(), relay);
        return relay;
    }

    /** One that was started. */
    Relay of(Column column) {
        return Objects.requireNonNull(running.get(column), column.name());
    }

    @Override
    public void close() {
        running.values().forEach(Relay::close);
    }
}
