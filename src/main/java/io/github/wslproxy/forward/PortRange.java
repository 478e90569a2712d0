package io.github.wslproxy.forward;

/**
 * Consecutive ports, both ends included.
 *
 * @param first the lowest port, 0 to 65535; 0 asks the system for a free port, which only tests do
 * @param last the highest port, not below {@code first}
 */
public record PortRange(int first, int last) {
    public static final int MAX_PORT = 65_535;

    public PortRange {
        if (first < 0 || last > MAX_PORT || first > last) {
            throw new IllegalArgumentException("ports: " + first + "-" + last + " (expected: 0 to 65535, ascending)");
        }
    }

    public static PortRange of(int port) {
        return new PortRange(port, port);
    }

    public int size() {
        return last - first + 1;
    }

    public boolean overlaps(PortRange other) {
        return first <= other.last && other.first <= last;
    }

    /** The text of proxy.toml: {@code 8000} or {@code 8000-8010}. */
    @Override
    public String toString() {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
