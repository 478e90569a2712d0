package io.github.wslproxy.config;

import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.Protocol;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How many listening sockets the file asks for. Each takes some 3 KiB of the heap: for TCP one for each port and entry,
 * for UDP one for each address of this computer where an entry is a wildcard.
 */
final class SocketCount {
    /** Half of the heap, beside the links and sessions that the limits permit. All dynamic ports of Windows fit. */
    static final int MOST = 16_384;

    private final LocalEnvironment computer;
    private final Problems problems;
    private @Nullable Set<InetAddress> own;
    private long sum;

    SocketCount(LocalEnvironment computer, Problems problems) {
        this.computer = computer;
        this.problems = problems;
    }

    /** Notes the entry with which they become too many, and returns whether there is one. */
    boolean refuseTooMany(List<ParsedForward> drafts) {
        for (ParsedForward draft : drafts) {
            for (Located<Endpoint> listen : draft.listens()) {
                long own = of(draft, listen.value());
                sum += own;
                if (sum > MOST) {
                    refuse(draft, listen, own);
                    return true;
                }
            }
        }
        return false;
    }

    private long of(ParsedForward draft, Endpoint listen) {
        if (isJoined(draft, listen)) {
            return 0;
        }
        long tcp = draft.protocols().contains(Protocol.TCP) ? 1 : 0;
        long udp = draft.protocols().contains(Protocol.UDP) ? addresses(listen.host()) : 0;
        return listen.ports().size() * (tcp + udp);
    }

    /** Beside the IPv6 wildcard, which takes IPv4 too, that of IPv4 costs nothing. */
    private static boolean isJoined(ParsedForward draft, Endpoint listen) {
        return listen.host().isWildcard(Inet4Address.class)
                && draft.listens().stream()
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
                ? own().size()
                : own().stream().filter(Inet4Address.class::isInstance).count();
        return Math.max(1, here);
    }

    /** Asked for once: Windows may take milliseconds to list its adapters, and there may be thousands of entries. */
    private Set<InetAddress> own() {
        if (own == null) {
            own = computer.addresses();
        }
        return own;
    }

    private void refuse(ParsedForward draft, Located<Endpoint> listen, long own) {
        long addresses = addresses(listen.value().host());
        String each = draft.protocols().contains(Protocol.UDP) && addresses > 1
                ? ", for UDP one for each port and each of the " + addresses + " addresses of this computer"
                : "";
        String before = sum > own ? ", after " + (sum - own) + " for what stands before it" : "";
        problems.note(
                listen.at(),
                draft.label() + ": listen " + listen.value() + " needs " + own + " sockets" + each + before,
                "at most " + MOST + " sockets for the whole file");
    }
}
