package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.TcpPeer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Peers that send and read in the background. */
abstract class StuckPeersFixture {
    static final int MIB = 1 << 20;
    static final Duration SHORT = Duration.ofMillis(300);

    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    /** What came, and what ended it: null is a clean end. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared as a whole.
    record Received(byte[] bytes, @Nullable IOException end) {}

    static Received receive(Socket socket) {
        return receiveSlowly(socket, 65536, 0);
    }

    static Received receiveSlowly(Socket socket, int step, long pauseMillis) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            InputStream in = socket.getInputStream();
            byte[] some = new byte[step];
            for (int count = in.read(some); count >= 0; count = in.read(some)) {
                bytes.write(some, 0, count);
                Thread.sleep(pauseMillis);
            }
            return new Received(bytes.toByteArray(), null);
        } catch (IOException end) {
            return new Received(bytes.toByteArray(), end);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    interface Task {
        void run() throws Exception;
    }

    /** Completes with what ended the task. */
    static CompletableFuture<Throwable> inBackground(Task task) {
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                task.run();
                ended.complete(null);
            } catch (Exception e) {
                ended.complete(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return ended;
    }

    static Forwards to(TcpPeer server) {
        return Forwards.tcp().listen("127.0.0.1", 0).toWsl(server.port());
    }

    TcpRelay start(Forwards forward, TcpPeer server) throws Exception {
        return fixture.tcp(forward, TargetSource.fixed(server.address()));
    }
}
