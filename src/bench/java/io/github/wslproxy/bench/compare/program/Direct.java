package io.github.wslproxy.bench.compare.program;

import io.github.wslproxy.bench.compare.figure.Column;
import io.github.wslproxy.bench.compare.lab.Background;
import io.github.wslproxy.bench.compare.lab.Lab;
import java.util.List;
import java.util.Optional;

/** No relay: the generator talks to the server, which shows what generator and server alone can do. */
final class Direct implements Program {
    @Override
    public Column column() {
        return new Column("direct", Column.Kind.DIRECT);
    }

    @Override
    public Optional<String> missing() {
        return Optional.empty();
    }

    @Override
    public String version() {
        return "no relay";
    }

    @Override
    public boolean carries(Protocol protocol) {
        return true;
    }

    @Override
    public boolean isRelay() {
        return false;
    }

    @Override
    public List<Background> launch(Assignment assignment, Lab lab) {
        return List.of();
    }
}
