package io.github.wslproxy.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.wslproxy.testing.Escalations;
import io.github.wslproxy.testing.RecordedEvents;
import io.github.wslproxy.testing.TcpPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** A proxy that runs over real sockets, its file, and what the watcher of that file logs. */
abstract class ConfigWatcherFixture extends RunningProxyFixture {
    static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @RegisterExtension
    final Escalations escalations = new Escalations();

    final ListAppender<ILoggingEvent> log = new RecordedEvents();
    final Logger logger = (Logger) LoggerFactory.getLogger(ConfigWatcher.class);

    @Nullable
    ConfigWatcher reload;

    @BeforeEach
    void listenToTheLog() {
        log.start();
        logger.addAppender(log);
    }

    @Override
    @AfterEach
    void nothingIsLeftRunning() throws Exception {
        if (reload != null) {
            reload.close();
        }
        super.nothingIsLeftRunning();
        logger.detachAppender(log);
    }

    void start() throws Exception {
        reload = new ConfigWatcher(folder.resolve("proxy.toml"));
        made = new WslProxy(reload.settings());
        made.start();
        reload.follow(made.forwards(), false);
    }

    TcpPeer echo() throws IOException {
        return use(TcpPeer.playing(TcpPeer::echo));
    }

    static String forward(String name, String protocol, int listen, int target) {
        return "[[forward]]\nname = '%s'\nprotocol = '%s'\nlisten = '127.0.0.1:%d'\ntarget = '127.0.0.1:%d'\n"
                .formatted(name, protocol, listen, target);
    }

    static String whole(String... forwards) {
        return "[status]\nlisten = 'off'\n" + String.join("", forwards);
    }

    void write(String... forwards) throws IOException {
        writeWhole(whole(forwards));
    }

    /** As editors do it. */
    void writeWhole(String text) throws IOException {
        Path next = Files.writeString(folder.resolve("proxy.toml~"), text);
        Files.move(next, folder.resolve("proxy.toml"), StandardCopyOption.REPLACE_EXISTING);
    }

    String file() {
        return folder.resolve("proxy.toml").toString();
    }

    List<String> lines() {
        return List.copyOf(log.list).stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }

    static boolean answers(int port) throws IOException {
        try (Socket client = connect(port)) {
            client.getOutputStream().write(7);
            return client.getInputStream().read() == 7;
        }
    }

    static String greeting(int port) throws IOException {
        try (Socket client = connect(port)) {
            return new String(client.getInputStream().readAllBytes(), UTF_8);
        }
    }

    static Socket connect(int port) throws IOException {
        Socket socket = new Socket(LOOPBACK, port);
        socket.setSoTimeout(10_000);
        return socket;
    }
}
