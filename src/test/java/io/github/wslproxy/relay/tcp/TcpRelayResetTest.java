package io.github.wslproxy.relay.tcp;

import static io.github.wslproxy.testing.TcpClients.connect;
import static io.github.wslproxy.testing.TcpClients.random;
import static io.github.wslproxy.testing.TcpClients.reset;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.TcpPeer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients that reset or end while others still read what they have sent. */
@Tag("slow")
class TcpRelayResetTest extends StuckPeersFixture {
    @Test
    void aFewBytesAndAResetAtOnceAreAFewBytesAndAReset() throws Exception {
        byte[] last = "last words".getBytes(UTF_8);
        TcpPeer server = fixture.serving(socket -> {
            socket.getInputStream().read();
            socket.getOutputStream().write(last);
            reset(socket);
        });
        TcpRelay relay = start(to(server), server);
        for (int i = 0; i < 200; i++) {
            try (Socket client = connect(relay)) {
                client.getOutputStream().write(1);
                Received received = receive(client);
                assertThat(received.bytes()).isEqualTo(last);
                assertThat(received.end()).isInstanceOf(SocketException.class).hasMessageContaining("reset");
            }
        }
    }

    @Test
    void aResetInFrontOfASlowReaderComesAfterAllThatWasRelayedAndNeverAsAnEnd() throws Exception {
        byte[] all = random(16 * MIB);
        TcpPeer server = fixture.serving(socket -> {
            socket.getOutputStream().write(all, 0, all.length / 2);
            reset(socket); // What this side's kernel could not hand over yet is gone, as without a relay.
        });
        TcpRelay relay = start(to(server), server);
        try (Socket client = connect(relay)) {
            Received received = receiveSlowly(client, 128 * 1024, 2);

            assertThat(received.end()).isInstanceOf(SocketException.class).hasMessageContaining("reset");
            assertThat(received.bytes()).isEqualTo(Arrays.copyOf(all, received.bytes().length));
            assertThat((long) received.bytes().length)
                    .isPositive()
                    .isEqualTo(relay.counters().bytesOut());
        }
    }

    @Test
    void aClientThatResetsWithAnUploadUnderwayLeavesNoServerWaiting() throws Exception {
        TcpPeer server = fixture.serving(socket -> socket.getInputStream().transferTo(OutputStream.nullOutputStream()));
        TcpRelay relay = start(to(server), server);
        for (int i = 0; i < 50; i++) {
            Socket client = connect(relay);
            client.getOutputStream().write(new byte[200_000]);
            reset(client);
        }

        Await.until(() -> server.failures().size() == 50);
        assertThat(server.failures()).allSatisfy(failure -> assertThat(failure).isInstanceOf(SocketException.class));
        Await.until(() -> relay.counters().open() == 0);
    }

    @Test
    void whatAClientHasSentBeforeItsResetStillArrivesAtAServerThatReadsOnLater() throws Exception {
        int all = 24 * MIB;
        CompletableFuture<Void> gone = new CompletableFuture<>();
        CompletableFuture<Long> received = new CompletableFuture<>();
        TcpPeer server = fixture.serving(socket -> {
            gone.get(20, TimeUnit.SECONDS);
            long count = 0;
            try {
                byte[] buffer = new byte[65536];
                for (int n = socket.getInputStream().read(buffer);
                        n > 0;
                        n = socket.getInputStream().read(buffer)) {
                    count += n;
                }
            } catch (SocketException reset) {
                received.complete(count);
            }
        });
        TcpRelay relay = start(to(server).halfCloseTimeout(Duration.ofSeconds(20)), server);
        Socket client = connect(relay);
        CompletableFuture<Throwable> upload =
                inBackground(() -> client.getOutputStream().write(new byte[all]));
        Await.untilUnchanged(() -> relay.counters().bytesIn(), Duration.ofMillis(500));
        long passed = relay.counters().bytesIn();
        reset(client);
        upload.get(10, TimeUnit.SECONDS);
        Thread.sleep(2000); // Until the reset is known, which is what might lose bytes.
        gone.complete(null);

        assertThat(received.get(20, TimeUnit.SECONDS)).isGreaterThanOrEqualTo(passed);
        Await.until(() -> relay.counters().open() == 0);
    }

    /** Linux reports a hang-up of a socket that both sides have ended, as it does of one that was reset. */
    @Test
    void anUploadToAServerThatEndsFirstAndReadsLateEndsCleanly() throws Exception {
        CompletableFuture<Void> mayRead = new CompletableFuture<>();
        CompletableFuture<Long> received = new CompletableFuture<>();
        TcpPeer server = fixture.serving(socket -> {
            socket.shutdownOutput();
            mayRead.get(20, TimeUnit.SECONDS);
            try {
                received.complete(socket.getInputStream().transferTo(OutputStream.nullOutputStream()));
            } catch (IOException cut) {
                received.completeExceptionally(cut);
            }
        });
        TcpRelay relay = start(to(server), server);
        try (Socket client = connect(relay)) {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            long sent = sendUntilItIsStalled(client.getOutputStream());
            client.shutdownOutput();
            Thread.sleep(3000); // Longer than the relay takes to look for a reset.
            mayRead.complete(null);

            assertThat(received.get(20, TimeUnit.SECONDS)).isEqualTo(sent);
        }
        Await.until(() -> relay.counters().open() == 0);
    }

    @Test
    void anAnswerToAClientThatEndsFirstAndReadsLateEndsCleanly() throws Exception {
        CompletableFuture<Long> sent = new CompletableFuture<>();
        TcpPeer server = fixture.serving(socket -> {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            sent.complete(sendUntilItIsStalled(socket.getOutputStream()));
        });
        TcpRelay relay = start(to(server), server);
        try (Socket client = connect(relay)) {
            client.shutdownOutput();
            long all = sent.get(20, TimeUnit.SECONDS);
            Thread.sleep(3000);

            assertThat(client.getInputStream().transferTo(OutputStream.nullOutputStream()))
                    .isEqualTo(all);
        }
        Await.until(() -> relay.counters().open() == 0);
    }

    /** Returns how many bytes were sent until some of them wait in the relay. */
    private long sendUntilItIsStalled(OutputStream to) throws Exception {
        byte[] some = new byte[32 * 1024];
        long sent = 0;
        while (fixture.context().loops().readBuffers().waiting() == 0) {
            to.write(some);
            sent += some.length;
            Thread.sleep(5); // What the kernel takes a little later is no stall.
        }
        return sent;
    }
}
