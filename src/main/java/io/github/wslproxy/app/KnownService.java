package io.github.wslproxy.app;

import java.util.Set;

/**
 * What listens on a port by custom, and so how a person on another device opens it. The port of the target tells it,
 * because the forward often listens on another one.
 */
enum KnownService {
    HTTP {
        @Override
        String open(String host, int port) {
            return "http://" + host + ":" + port + "/";
        }
    },
    HTTPS {
        @Override
        String open(String host, int port) {
            return "https://" + host + (port == 443 ? "/" : ":" + port + "/");
        }
    },
    SSH {
        /** ssh takes an IPv6 address without brackets. */
        @Override
        String open(String host, int port) {
            String bare = host.replaceAll("[\\[\\]]", "");
            return port == 22 ? "ssh " + bare : "ssh -p " + port + " " + bare;
        }
    },
    REMOTE_DESKTOP {
        @Override
        String open(String host, int port) {
            return "mstsc /v:" + host + ":" + port;
        }
    },
    POSTGRESQL("postgresql"),
    MYSQL("mysql"),
    REDIS("redis"),
    MONGODB("mongodb"),
    VNC("vnc"),
    MQTT("mqtt"),
    AMQP("amqp"),
    UNKNOWN {
        @Override
        String open(String host, int port) {
            return host + ":" + port;
        }
    };

    /** The ports of HTTP, and those that development servers use by the documentation of their makers. */
    private static final Set<Integer> WEB = Set.of(
            80, 81, 591, 1234, 1313, 2368, 3030, 3100, 3333, 4173, 4200, 4321, 4567, 5500, 5601, 6006, 7860, 8069, 8096,
            8100, 8123, 8180, 8181, 8188, 8384, 8501, 8787, 8880, 8983, 9090, 9200, 9292, 10000, 11434, 15672, 19999);

    private final String scheme;

    KnownService() {
        this("");
    }

    KnownService(String scheme) {
        this.scheme = scheme;
    }

    static KnownService of(int port) {
        return switch (port) {
            case 22, 2222 -> SSH;
            case 443, 8443, 9443 -> HTTPS;
            case 1883 -> MQTT;
            case 3306, 3307, 33060 -> MYSQL;
            case 3389 -> REMOTE_DESKTOP;
            case 5432, 5433 -> POSTGRESQL;
            case 5672 -> AMQP;
            case 5900, 5901, 5902 -> VNC;
            case 6379 -> REDIS;
            case 27017 -> MONGODB;
            default -> isWeb(port) ? HTTP : UNKNOWN;
        };
    }

    private static boolean isWeb(int port) {
        return WEB.contains(port)
                || isWithin(port, 3000, 3020)
                || isWithin(port, 4000, 4010)
                || isWithin(port, 5000, 5010)
                || isWithin(port, 5170, 5190)
                || isWithin(port, 8000, 8020)
                || isWithin(port, 8080, 8095)
                || isWithin(port, 8880, 8899)
                || isWithin(port, 9000, 9010)
                || isWithin(port, 19_000, 19_006);
    }

    private static boolean isWithin(int port, int first, int last) {
        return port >= first && port <= last;
    }

    /**
     * What to type or to open on another device.
     *
     * @param host an IPv6 address stands in brackets
     * @param port that this computer listens on
     */
    String open(String host, int port) {
        return scheme + "://" + host + ":" + port;
    }
}
