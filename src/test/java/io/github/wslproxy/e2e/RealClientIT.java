package io.github.wslproxy.e2e;

import static io.github.wslproxy.testing.Loopback.freePort;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.Loopback;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers as they are installed, set up to be told who the client is: what they make of it they answer. */
@Timeout(60)
@EnabledOnOs(value = OS.LINUX, disabledReason = "its servers, and many loopback addresses")
class RealClientIT {
    @TempDir
    Path folder;

    private @Nullable Process server;

    /** Each answers with the client's address and port, and with those that the client has connected to. */
    enum Server {
        HAPROXY("haproxy -db -f") {
            @Override
            String config(int port, Path folder) {
                return """
                        defaults
                            mode http
                            timeout client 10s
                        frontend real
                            bind 127.0.0.1:%d accept-proxy
                            http-request return status 200 content-type text/plain lf-string "%%[src] %%[src_port] %%[dst] %%[dst_port]"
                        """.formatted(port);
            }
        },
        NGINX("nginx -c") {
            @Override
            String config(int port, Path folder) {
                return """
                        daemon off;
                        pid %2$s/nginx.pid;
                        error_log stderr;
                        events {}
                        http {
                            access_log off;
                            client_body_temp_path %2$s/body;
                            proxy_temp_path %2$s/proxy;
                            fastcgi_temp_path %2$s/fastcgi;
                            uwsgi_temp_path %2$s/uwsgi;
                            scgi_temp_path %2$s/scgi;
                            server {
                                listen 127.0.0.1:%1$d proxy_protocol;
                                set_real_ip_from 127.0.0.1;
                                real_ip_header proxy_protocol;
                                return 200 "$remote_addr $remote_port $proxy_protocol_server_addr $proxy_protocol_server_port";
                            }
                        }
                        """.formatted(port, folder);
            }
        };

        private final String command;

        Server(String command) {
            this.command = command;
        }

        abstract String config(int port, Path folder);

        /** Listens on 127.0.0.1 and takes nobody who is not announced. */
        Process start(int port, Path folder) throws Exception {
            List<String> words = List.of((command + " " + folder.resolve("server.conf")).split(" "));
            assumeTrue(Shell.has(words.get(0)), words.get(0) + " is not installed; .ci/run installs it");
            Files.writeString(folder.resolve("server.conf"), config(port, folder));
            Process process = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("server.log").toFile())
                    .start();
            Await.until(() -> !process.isAlive() || Loopback.listens(port));
            assertThat(process.isAlive()).as("%s", command).isTrue();
            return process;
        }
    }

    @AfterEach
    void stopServer() {
        if (server != null) {
            server.destroy();
            server.onExit().join();
        }
    }

    @ParameterizedTest
    @EnumSource(Server.class)
    void theServerSeesTheRealClientInBothFormsAndFamilies(Server installed) throws Exception {
        int to = freePort();
        server = installed.start(to, folder);
        int line = freePort();
        int binary = freePort();
        int everywhere = freePort();
        Path config = write("""
                [wsl]
                address = "127.0.0.1"
                [status]
                listen = "off"
                [defaults]
                proxy_protocol = "v1"
                [[forward]]
                name = "web"
                listen = ["0.0.0.0:%1$d", "[::1]:%1$d"]
                target = "wsl:%4$d"
                [[forward]]
                listen = ["0.0.0.0:%2$d", "[::1]:%2$d"]
                target = "wsl:%4$d"
                proxy_protocol = "v2"
                [[forward]]
                listen = ["0.0.0.0:%3$d", "[::]:%3$d"]
                target = "wsl:%4$d"
                protocol = "tcp+udp"
                """.formatted(line, binary, everywhere, to));

        try (Program proxy = new Program(folder, "--config", config.toString()).awaitStart()) {
            for (int port : new int[] {line, binary, everywhere}) {
                assertSeen("127.0.0.5", "127.0.0.7", port);
                assertSeen("::1", "::1", port);
            }
            assertThat(proxy.isAlive()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Server.class)
    void anEditOfTheFileIsEnough(Server installed) throws Exception {
        int to = freePort();
        server = installed.start(to, folder);
        int port = freePort();
        String forward = """
                [wsl]
                address = "127.0.0.1"
                [status]
                listen = "off"
                [[forward]]
                name = "web"
                listen = "127.0.0.1:%d"
                target = "wsl:%d"
                """.formatted(port, to);
        Path config = write(forward);

        try (Program proxy = new Program(folder, "--config", config.toString()).awaitStart()) {
            assertThat(answer("127.0.0.5", "127.0.0.1", port)).doesNotContain("127.0.0.5", "200 OK");

            write(forward + "proxy_protocol = \"v2\"\n");
            Await.until(() -> answer("127.0.0.5", "127.0.0.1", port).contains("200 OK"));

            assertSeen("127.0.0.5", "127.0.0.1", port);
            assertThat(proxy.isAlive()).isTrue();
        }
    }

    private static void assertSeen(String from, String to, int port) throws IOException {
        try (Socket client = client(from, to, port)) {
            assertThat(answer(client))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .endsWith("\r\n\r\n%s %d %s %d".formatted(from, client.getLocalPort(), to, port));
        }
    }

    private static String answer(String from, String to, int port) throws IOException {
        try (Socket client = client(from, to, port)) {
            return answer(client);
        } catch (SocketException reset) {
            return "";
        }
    }

    private static Socket client(String from, String to, int port) throws IOException {
        Socket client = new Socket();
        client.setSoTimeout(10_000);
        client.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
        client.connect(new InetSocketAddress(InetAddress.getByName(to), port));
        return client;
    }

    private static String answer(Socket client) throws IOException {
        client.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(US_ASCII));
        return new String(client.getInputStream().readAllBytes(), US_ASCII);
    }

    private Path write(String config) throws IOException {
        return Files.writeString(folder.resolve("proxy.toml"), config);
    }
}
