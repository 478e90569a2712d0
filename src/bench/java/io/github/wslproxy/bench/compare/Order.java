package io.github.wslproxy.bench.compare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Who comes when, so that noise and heat hit all alike: A B C, C B A, B C A, A C B, ... */
final class Order {
    private Order() {}

    /** @param round from 0 */
    static <T> List<T> of(List<T> all, int round) {
        List<T> order = new ArrayList<>(all);
        Collections.rotate(order, -(round / 2));
        if (round % 2 == 1) {
            Collections.reverse(order);
        }
        return order;
    }
}
