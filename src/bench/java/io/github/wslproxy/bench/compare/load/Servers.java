package io.github.wslproxy.bench.compare.load;

import io.github.wslproxy.bench.compare.lab.Background;
import io.github.wslproxy.bench.compare.lab.FailedRunException;
import io.github.wslproxy.bench.compare.lab.Lab;
import io.github.wslproxy.bench.compare.lab.Listening;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The servers that relays lead to. Each listens when it is returned, and runs until it is closed. */
public final class Servers {
    /** 127.0.0.1, unless Java is told to prefer IPv6. */
    static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(5);

    private Servers() {}

    /** nginx as a web server that answers every request at once with six bytes, and keeps links open. */
    public static Background web(Lab lab, int port) throws IOException, InterruptedException {
        String config = String.format("""
                daemon off;
                worker_processes auto;
                worker_rlimit_nofile %d;
                pid %s/nginx-web.pid;
                error_log stderr error;
                events { worker_connections 12000; }
                http {
                    access_log off;
                    keepalive_requests 1000000000;
                    keepalive_timeout 600s;
                    server {
                        listen 127.0.0.1:%d backlog=4096;
                        location / { return 200 "hello\\n"; }
                    }
                }
                """, Lab.openFiles(), lab.folder(), port);
        String file = lab.file("nginx-web.conf", config).toString();
        return awaitTcp(
                lab.start(List.of("/usr/sbin/nginx", "-p", lab.folder().toString(), "-c", file), Map.of()), port);
    }

    /** sockperf's server, which returns each message. */
    public static Background tcpEcho(Lab lab, int port) throws IOException, InterruptedException {
        return awaitTcp(
                lab.start(
                        List.of("sockperf", "server", "--tcp", "-i", "127.0.0.1", "-p", Integer.toString(port)),
                        Map.of()),
                port);
    }

    public static Background udpEcho(Lab lab, int port) throws IOException, InterruptedException {
        Background server =
                lab.start(List.of("sockperf", "server", "-i", "127.0.0.1", "-p", Integer.toString(port)), Map.of());
        await(server, () -> Listening.udp().contains(port), port);
        return server;
    }

    static Background awaitTcp(Background server, int port) throws IOException, InterruptedException {
        await(server, () -> Listening.tcp().contains(port), port);
        return server;
    }

    private interface Look {
        boolean isTrue() throws IOException;
    }

    private static void await(Background server, Look listens, int port) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!listens.isTrue()) {
            server.requireAlive();
            if (System.nanoTime() > deadline) {
                server.close();
                throw new FailedRunException("no server on port " + port + ": " + server.lastWords());
            }
            Thread.sleep(LOOK.toMillis());
        }
    }
}
