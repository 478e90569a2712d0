package io.github.wslproxy.relay;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a relay has for each of its routes, in their order. An edited configuration keeps those whose place, the address
 * and port in words, is still wanted. Not safe for several threads.
 */
public final class ByPlace<T> {
    private final Map<String, T> all = new LinkedHashMap<>();

    /**
     * From now on there is one for each of these routes.
     *
     * @param make what has no place yet
     * @param take told of its new route, what has one
     * @return those whose place is no longer wanted
     */
    public Collection<T> change(
            List<PortMapping> routes, Function<PortMapping, T> make, BiConsumer<T, PortMapping> take) {
        Map<String, T> before = new LinkedHashMap<>(all);
        all.clear();
        for (PortMapping route : routes) {
            T known = before.remove(route.where());
            if (known != null) {
                take.accept(known, route);
            }
            all.put(route.where(), known == null ? make.apply(route) : known);
        }
        return before.values();
    }

    public Stream<T> stream() {
        return all.values().stream();
    }
}
