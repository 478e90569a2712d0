package io.github.wslproxy.bench.compare.program;

import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * From ports of 127.0.0.1 to ports of 127.0.0.1.
 *
 * @param listen the first port, and {@code target} where that one leads
 * @param ports how many in a row; 1 if it is no range
 */
public record Route(Protocol protocol, int listen, int target, int ports) {
    public Route(Protocol protocol, int listen, int target) {
        this(protocol, listen, target, 1);
    }

    /** One for each port, for a program that knows no ranges. */
    Stream<Route> each() {
        return IntStream.range(0, ports).mapToObj(i -> new Route(protocol, listen + i, target + i));
    }

    String listenAddress() {
        return "127.0.0.1:" + listen;
    }

    String targetAddress() {
        return "127.0.0.1:" + target;
    }
}
