package io.github.wslproxy.bench.compare.program;

import io.github.wslproxy.bench.compare.figure.Column;
import io.github.wslproxy.bench.compare.lab.Lab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * nginx as a stream proxy, as who knows it would set it up: a worker for each core, connections enough, a long accept
 * queue, no access log, TCP_NODELAY (its default). UDP listens with reuseport, without which the datagrams of one client
 * reach several workers and open a session in each. Buffers have their default of 16 KiB. It copies.
 */
final class Nginx {
    private static final Path EXECUTABLE = Path.of("/usr/sbin/nginx");

    private Nginx() {}

    static Program peer() {
        return Peer.configured(
                new Column("nginx", Column.Kind.COPIES),
                Set.of(Protocol.TCP, Protocol.UDP),
                EXECUTABLE,
                "-v",
                Nginx::commands);
    }

    private static List<List<String>> commands(Assignment assignment, Lab lab) throws IOException {
        Path config = lab.file("nginx-stream.conf", config(assignment, lab.folder()));
        return List.of(List.of(EXECUTABLE.toString(), "-p", lab.folder().toString(), "-c", config.toString()));
    }

    private static String config(Assignment assignment, Path folder) throws IOException {
        return String.format(
                """
                daemon off;
                worker_processes auto;
                worker_rlimit_nofile %d;
                pid %s/nginx-stream.pid;
                error_log stderr error;
                %s
                events { worker_connections %d; multi_accept on; }
                stream {
                    access_log off;
                    tcp_nodelay on;
                    proxy_connect_timeout 5s;
                    proxy_timeout 1h;
                %s
                }
                """,
                Lab.openFiles(),
                folder,
                module(),
                // Of each worker, since nothing spreads connections evenly; a link takes two.
                512 + assignment.ports() + 2 * assignment.links(),
                assignment.routes().stream()
                        .flatMap(Route::each)
                        .map(Nginx::server)
                        .collect(Collectors.joining("\n")));
    }

    private static String server(Route route) {
        String options = route.protocol() == Protocol.UDP ? "udp reuseport" : "backlog=4096";
        return "    server { listen " + route.listenAddress() + " " + options + "; proxy_pass " + route.targetAddress()
                + "; }";
    }

    /** Distributions build it as a module of its own; builds of nginx.org have it inside. */
    private static String module() {
        return Stream.of("/usr/lib/nginx/modules", "/usr/lib64/nginx/modules")
                .map(folder -> Path.of(folder, "ngx_stream_module.so"))
                .filter(Files::exists)
                .findFirst()
                .map(path -> "load_module " + path + ";")
                .orElse("");
    }
}
