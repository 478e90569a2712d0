package io.github.wslproxy.app;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The order in which the addresses of one name are tried. Each port has its own, because two servers of one computer
 * may listen on different addresses, such as 127.0.0.1 and ::1. It holds an entry only for a port whose order differs
 * from that of the name. Safe for any thread; nothing here blocks.
 */
final class AddressOrder {
    private final Map<Integer, Order> byPort = new ConcurrentHashMap<>();

    /**
     * The order for one port.
     *
     * @param found the very list for which it was made
     */
    private record Order(List<InetAddress> found, List<InetAddress> tried) {}

    /**
     * The order for {@code port}. The object stays the same until {@code found} is another one or somebody changes the
     * order.
     *
     * @param found the addresses of the name; unmodifiable
     */
    @SuppressWarnings(
            "ReferenceEquality") // It is asked for each datagram, and another list that is equal only costs a look.
    List<InetAddress> of(List<InetAddress> found, int port) {
        if (found.size() < 2 || byPort.isEmpty()) {
            return found;
        }
        Order order = byPort.get(port);
        if (order == null) {
            return found;
        }
        if (order.found() != found) {
            order = new Order(found, over(found, order.tried()));
            byPort.put(port, order);
        }
        return order.tried();
    }

    /** Puts {@code where} first for its port. */
    void first(List<InetAddress> found, InetSocketAddress where) {
        List<InetAddress> now = of(found, where.getPort());
        InetAddress address = where.getAddress();
        if (now.size() > 1 && !now.get(0).equals(address) && now.contains(address)) {
            keep(found, where, over(now, List.of(address)));
        }
    }

    /** Puts {@code where} last for its port if it comes first. */
    void last(List<InetAddress> found, InetSocketAddress where) {
        List<InetAddress> now = of(found, where.getPort());
        if (now.size() > 1 && now.get(0).equals(where.getAddress())) {
            keep(found, where, over(now, now.subList(1, now.size())));
        }
    }

    private void keep(List<InetAddress> found, InetSocketAddress where, List<InetAddress> tried) {
        byPort.put(where.getPort(), new Order(found, tried));
    }

    /** The addresses that were found, those of {@code known} first and in its order. */
    static List<InetAddress> over(List<InetAddress> found, List<InetAddress> known) {
        return Stream.concat(known.stream().filter(found::contains), found.stream())
                .distinct()
                .toList();
    }
}
