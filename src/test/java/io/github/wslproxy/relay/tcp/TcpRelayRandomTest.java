package io.github.wslproxy.relay.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.TcpPeer;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Clients and servers that send, read, end, reset, wait and leave in any order. Each side sends a stream of its own
 * whose every byte is known, so that a byte that is lost, doubled or of another link shows at once; and a stream that
 * ends by a clean end has to be whole.
 */
@Tag("slow")
class TcpRelayRandomTest {
    private static final int LINKS = 10_000;
    private static final int AT_ONCE = 48;

    /** The moves of a run are the same each time; how they meet is up to the scheduler. */
    private static final long SEED = 20261122;

    private static final int PERIOD = 1 << 16;
    private static final byte[] TO_SERVER = endless(1);
    private static final byte[] TO_CLIENT = endless(2);

    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    private final AtomicLongArray fromClients = new AtomicLongArray(LINKS);
    private final AtomicLongArray fromServers = new AtomicLongArray(LINKS);
    private final Queue<String> broken = new ConcurrentLinkedQueue<>();
    private final AtomicInteger wholeStreams = new AtomicInteger();
    private final AtomicInteger serversAtWork = new AtomicInteger();

    @Test
    @Timeout(300)
    void tenThousandLinksLoseNothingMixNothingAndLeaveNothingOpen() throws Exception {
        TcpPeer server = fixture.serving(this::serve);
        TcpRelay relay = fixture.tcp(Forwards.tcp().listen("127.0.0.1", 0), server);
        InetSocketAddress address = RelayFixture.bound(relay).get(0);
        AtomicInteger next = new AtomicInteger();
        ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                ends.add(clients.submit(() -> {
                    for (int link = next.getAndIncrement(); link < LINKS; link = next.getAndIncrement()) {
                        visit(address, link);
                    }
                    return null;
                }));
            }
            for (Future<?> end : ends) {
                end.get(240, TimeUnit.SECONDS);
            }
        } finally {
            clients.shutdownNow();
        }

        Await.until(() -> serversAtWork.get() == 0 && relay.counters().open() == 0);
        assertThat(broken).isEmpty();
        assertThat(wholeStreams.get()).as("streams that ended cleanly").isGreaterThan(LINKS / 2);
        assertThat(fixture.context().loops().readBuffers().waiting()).isZero();
    }

    private void visit(InetSocketAddress address, int link) throws IOException {
        Random moves = new Random(SEED + link);
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(20_000);
            if (moves.nextInt(20) == 0) {
                return; // Not a word.
            }
            new DataOutputStream(socket.getOutputStream()).writeInt(link);
            new Side(socket, moves, "client " + link, TO_SERVER, TO_CLIENT, fromClients, fromServers, link).play();
        }
    }

    private void serve(Socket socket) throws IOException {
        serversAtWork.incrementAndGet();
        try (socket) {
            socket.setSoTimeout(20_000);
            int link = new DataInputStream(socket.getInputStream()).readInt();
            Random moves = new Random(SEED - 1 - link);
            new Side(socket, moves, "server " + link, TO_CLIENT, TO_SERVER, fromServers, fromClients, link).play();
        } finally {
            serversAtWork.decrementAndGet();
        }
    }

    private static byte[] endless(long seed) {
        byte[] twoPeriods = new byte[2 * PERIOD];
        new Random(seed).nextBytes(twoPeriods);
        System.arraycopy(twoPeriods, 0, twoPeriods, PERIOD, PERIOD);
        return twoPeriods;
    }

    private final class Side {
        private final Socket socket;
        private final Random moves;
        private final String name;
        private final byte[] mine;
        private final byte[] theirs;
        private final AtomicLongArray sentByMe;
        private final AtomicLongArray sentByThem;
        private final int link;
        private final byte[] buffer = new byte[32 * 1024];
        private long received;

        Side(
                Socket socket,
                Random moves,
                String name,
                byte[] mine,
                byte[] theirs,
                AtomicLongArray sentByMe,
                AtomicLongArray sentByThem,
                int link) {
            this.socket = socket;
            this.moves = moves;
            this.name = name;
            this.mine = mine;
            this.theirs = theirs;
            this.sentByMe = sentByMe;
            this.sentByThem = sentByThem;
            this.link = link;
        }

        /**
         * A few moves, and one of the ways to part. A failure is the other side's reset, or the end of what it reads.
         */
        void play() {
            try {
                int count = moves.nextInt(6);
                for (int i = 0; i < count; i++) {
                    move();
                }
                part();
            } catch (IOException | InterruptedException reset) {
                return;
            }
        }

        private void move() throws IOException, InterruptedException {
            switch (moves.nextInt(8)) {
                case 0, 1, 2 -> send(1 + moves.nextInt(4000));
                case 3 -> send(30_000 + moves.nextInt(40_000));
                case 4, 5 -> readSome();
                default -> Thread.sleep(moves.nextInt(4));
            }
        }

        private void part() throws IOException {
            switch (moves.nextInt(10)) {
                case 0 -> socket.setOption(StandardSocketOptions.SO_LINGER, 0);
                case 1 -> {} // Closes, which is a reset too if something is unread.
                default -> {
                    socket.shutdownOutput();
                    readToTheEnd();
                }
            }
        }

        private void send(int count) throws IOException {
            OutputStream out = socket.getOutputStream();
            long sent = sentByMe.get(link);
            sentByMe.set(link, sent + count); // Before, since the other side may end before this thread goes on.
            for (int done = 0; done < count; ) {
                int at = (int) ((sent + done) % PERIOD);
                int some = Math.min(count - done, PERIOD);
                out.write(mine, at, some);
                done += some;
            }
        }

        private void readSome() throws IOException {
            if (socket.getInputStream().available() > 0) {
                check(socket.getInputStream().read(buffer));
            }
        }

        private void readToTheEnd() throws IOException {
            InputStream in = socket.getInputStream();
            int count = in.read(buffer);
            while (count >= 0) {
                check(count);
                count = in.read(buffer);
            }
            if (received != sentByThem.get(link)) {
                broken.add(name + " had a clean end after " + received + " of " + sentByThem.get(link) + " bytes");
            }
            wholeStreams.incrementAndGet();
        }

        private void check(int count) {
            for (int i = 0; i < count; i++) {
                if (buffer[i] != theirs[(int) ((received + i) % PERIOD)]) {
                    broken.add(name + " got a wrong byte at " + (received + i));
                    return;
                }
            }
            received += count;
        }
    }
}
