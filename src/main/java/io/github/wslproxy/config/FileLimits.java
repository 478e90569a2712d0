package io.github.wslproxy.config;

import io.github.wslproxy.config.TomlTableReader.Located;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.Protocol;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlPosition;

/**
 * What the forwards of the file may hold together: entries and blocks, which lie in the heap from the moment they are
 * read, and listening sockets, which a run would open.
 */
final class FileLimits {
    /** Entries of {@code listen}: each is compared with each. */
    private static final int MOST_ENTRIES = TomlChunks.MOST_FORWARDS;

    /** Entries of {@code allow} and {@code deny}. */
    private static final int MOST_BLOCKS = 16_384;

    /**
     * Listening sockets. Each takes some 3 KiB, so that these take half of the heap, beside the connections and
     * sessions that the limits permit. All dynamic ports of Windows fit.
     */
    private static final int MOST_SOCKETS = 16_384;

    private final LocalComputer computer;
    private final Problems problems;
    private int counted;
    private int entries;
    private int blocks;
    private @Nullable Set<InetAddress> ownAddresses;

    FileLimits(LocalComputer computer, Problems problems) {
        this.computer = computer;
        this.problems = problems;
    }

    /** Counts the entries of the forwards read since the last call, and has no more read once they are too many. */
    void countEntries(List<ParsedForward> forwards) throws ConfigException {
        while (counted < forwards.size()) {
            ParsedForward forward = forwards.get(counted++);
            entries += forward.listens().size();
            blocks += forward.ownBlocks();
            if (entries > MOST_ENTRIES) {
                Located<Endpoint> last = forward.listens().get(forward.listens().size() - 1);
                throw tooMany(forward, last.at(), entries + " listen entries", MOST_ENTRIES);
            }
            if (blocks > MOST_BLOCKS) {
                throw tooMany(forward, forward.start(), blocks + " entries of allow and deny", MOST_BLOCKS);
            }
        }
    }

    private ConfigException tooMany(ParsedForward forward, TomlPosition at, String what, int most) {
        return problems.fatal(
                at,
                forward.label() + ": with it the file has " + what + " in its [[forward]]",
                "at most " + most + " in all of them");
    }

    /**
     * Notes the entry with which the listening sockets become too many. TCP takes one for each port and entry, UDP one
     * for each address of this computer where the entry is a wildcard.
     *
     * @return whether there is such an entry
     */
    boolean refuseTooManySockets(List<ParsedForward> forwards) {
        long sum = 0;
        for (ParsedForward forward : forwards) {
            for (Located<Endpoint> listen : forward.listens()) {
                long more = sockets(forward, listen.value());
                if (sum + more > MOST_SOCKETS) {
                    refuse(forward, listen, more, sum);
                    return true;
                }
                sum += more;
            }
        }
        return false;
    }

    private long sockets(ParsedForward forward, Endpoint listen) {
        if (isJoined(forward, listen)) {
            return 0;
        }
        long tcp = forward.protocols().contains(Protocol.TCP) ? 1 : 0;
        long udp = forward.protocols().contains(Protocol.UDP) ? addresses(listen.host()) : 0;
        return listen.ports().size() * (tcp + udp);
    }

    /** The IPv6 wildcard takes IPv4 too, so that of IPv4 costs nothing beside it. */
    private static boolean isJoined(ParsedForward forward, Endpoint listen) {
        return listen.host().isWildcard(Inet4Address.class)
                && forward.listens().stream()
                        .map(Located::value)
                        .anyMatch(other -> other.ports().equals(listen.ports())
                                && other.host().isWildcard(Inet6Address.class));
    }

    private long addresses(Host host) {
        boolean every = host instanceof Host.Everywhere || host.isWildcard(Inet6Address.class);
        if (!every && !host.isWildcard(Inet4Address.class)) {
            return 1;
        }
        long here = every
                ? ownAddresses().size()
                : ownAddresses().stream().filter(Inet4Address.class::isInstance).count();
        return Math.max(1, here);
    }

    /** Asks once: Windows may take milliseconds to list its adapters, and there may be thousands of entries. */
    private Set<InetAddress> ownAddresses() {
        if (ownAddresses == null) {
            ownAddresses = computer.addresses();
        }
        return ownAddresses;
    }

    private void refuse(ParsedForward forward, Located<Endpoint> listen, long more, long sum) {
        long addresses = addresses(listen.value().host());
        String each = forward.protocols().contains(Protocol.UDP) && addresses > 1
                ? ", for UDP one for each port and each of the " + addresses + " addresses of this computer"
                : "";
        String before = sum > 0 ? ", after " + sum + " for what stands before it" : "";
        problems.note(
                listen.at(),
                forward.label() + ": listen " + listen.value() + " needs " + more + " sockets" + each + before,
                "at most " + MOST_SOCKETS + " sockets for the whole file");
    }
}
