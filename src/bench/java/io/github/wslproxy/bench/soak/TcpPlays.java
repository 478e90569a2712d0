package io.github.wslproxy.bench.soak;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** What TCP clients do. */
final class TcpPlays {
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    /** More than the kernel keeps for a reader that does not read, on both legs together. */
    private static final long TOO_MUCH = 24L * MIB;

    private static final int SMALL_BUFFER = 16 * KIB;

    private final Ground ground;
    private final World world;
    private final ExecutorService senders = Executors.newCachedThreadPool(DaemonThreads.named("bulk-sender"));

    TcpPlays(Ground ground, World world) {
        this.ground = ground;
        this.world = world;
    }

    List<Play> all() {
        return List.of(
                new Play("bulk both ways", 6, this::bulk),
                new Play("keep-alive requests", 14, this::keepAlive),
                new Play("short connections", 20, this::shortConnections),
                new Play("passing forward", 4, this::passing),
                new Play("client half-closes", 8, this::clientHalfCloses),
                new Play("server half-closes", 8, this::serverHalfCloses),
                new Play("client resets", 8, this::clientResets),
                new Play("server resets", 8, this::serverResets),
                new Play("connects and leaves", 8, this::connectsAndLeaves),
                new Play("leaves during connect", 4, this::leavesDuringConnect),
                new Play("target black-holed", 2, this::blackHoled),
                new Play("target refuses", 4, this::refused),
                new Play("slow reader", 3, this::slowReader),
                new Play("slow server", 3, this::slowServer),
                new Play("never reads", 1, this::neverReads),
                new Play("silent beyond idle", 1, this::silentBeyondIdle),
                new Play("server that dies", 6, this::serverThatDies));
    }

    private Visit visit(SoakForward forward) throws NoServiceException {
        return Visit.to(ground.of(forward));
    }

    private void bulk(Random moves) throws IOException, InterruptedException {
        long up = moves.nextInt(8 * MIB);
        try (Visit visit = visit(SoakForward.STEADY)) {
            visit.ask(moves.nextInt(8 * MIB));
            CompletableFuture<Void> sending = new CompletableFuture<>();
            senders.execute(() -> {
                try {
                    visit.send(up);
                    visit.end();
                    sending.complete(null);
                } catch (IOException e) {
                    sending.completeExceptionally(e);
                }
            });
            visit.receiveToTheEnd();
            sending.get();
        } catch (ExecutionException e) {
            throw new IOException("while sending: " + e.getCause(), e);
        }
    }

    private void keepAlive(Random moves) throws IOException, InterruptedException {
        try (Visit visit = visit(SoakForward.STEADY)) {
            for (int requests = 1 + moves.nextInt(60); requests > 0; requests--) {
                visit.send(1 + moves.nextInt(2 * KIB));
                visit.request(1 + moves.nextInt(20 * KIB));
                Thread.sleep(moves.nextInt(10));
            }
            visit.part();
        }
    }

    private void shortConnections(Random moves) throws IOException {
        for (int left = 1 + moves.nextInt(20); left > 0; left--) {
            try (Visit visit = visit(SoakForward.STEADY)) {
                visit.request(moves.nextInt(4 * KIB));
                visit.part();
            }
        }
    }

    private void passing(Random moves) throws IOException, InterruptedException {
        if (!world.config().passing()) {
            return;
        }
        try (Visit visit = visit(SoakForward.PASSING)) {
            for (int requests = 1 + moves.nextInt(40); requests > 0; requests--) {
                visit.request(1 + moves.nextInt(8 * KIB));
                Thread.sleep(moves.nextInt(50));
            }
            visit.part();
        }
    }

    private void clientHalfCloses(Random moves) throws IOException {
        try (Visit visit = visit(SoakForward.STEADY)) {
            visit.send(moves.nextInt(64 * KIB));
            visit.ask(moves.nextInt(MIB));
            visit.part();
        }
    }

    private void serverHalfCloses(Random moves) throws IOException {
        try (Visit visit = visit(SoakForward.STEADY)) {
            visit.ask(moves.nextInt(MIB));
            visit.ask(LinkProtocol.END, 0);
            visit.receiveToTheEnd();
            visit.send(moves.nextInt(256 * KIB));
            visit.end();
        }
    }

    private void clientResets(Random moves) throws IOException {
        try (Visit visit = visit(SoakForward.STEADY)) {
            visit.ask(64 * KIB + moves.nextInt(4 * MIB));
            visit.receive(moves.nextInt(64 * KIB));
            visit.reset();
        }
    }

    /** Up to the reset its bytes may be lost in the server's own kernel, but it may not look like a clean end. */
    private void serverResets(Random moves) throws IOException {
        try (Visit visit = visit(SoakForward.STEADY)) {
            visit.ask(moves.nextInt(MIB));
            visit.ask(LinkProtocol.BREAK, 0);
            requireReset(visit);
        }
    }

    private static void requireReset(Visit visit) throws IOException {
        try {
            visit.receiveToTheEnd();
        } catch (BrokenStreamException | SocketTimeoutException wrong) {
            throw wrong;
        } catch (IOException reset) {
            return;
        }
        throw new BrokenStreamException("a clean end after " + visit.received() + " bytes (expected: a reset)");
    }

    private void connectsAndLeaves(Random moves) throws IOException {
        InetSocketAddress forward = ground.of(SoakForward.STEADY);
        for (int left = 1 + moves.nextInt(20); left > 0; left--) {
            try (Socket socket = Visit.silent(forward.getAddress(), forward.getPort())) {
                socket.setOption(StandardSocketOptions.SO_LINGER, moves.nextBoolean() ? 0 : -1);
            } catch (IOException e) {
                throw new NoServiceException(forward, e);
            }
        }
    }

    private void leavesDuringConnect(Random moves) throws IOException, InterruptedException {
        InetSocketAddress forward = ground.of(SoakForward.BLACK_HOLE);
        try (Socket socket = Visit.silent(forward.getAddress(), forward.getPort())) {
            if (moves.nextBoolean()) {
                socket.getOutputStream().write(new byte[moves.nextInt(8 * KIB)]);
            }
            Thread.sleep(moves.nextInt(400));
            socket.setOption(StandardSocketOptions.SO_LINGER, moves.nextBoolean() ? 0 : -1);
        } catch (IOException refusedMeanwhile) {
            return;
        }
    }

    private void blackHoled(Random moves) throws IOException {
        requireRefusal(SoakForward.BLACK_HOLE);
    }

    private void refused(Random moves) throws IOException {
        for (int left = 1 + moves.nextInt(10); left > 0; left--) {
            requireRefusal(SoakForward.REFUSED);
        }
    }

    private void requireRefusal(SoakForward forward) throws IOException {
        InetSocketAddress address = ground.of(forward);
        try (Socket socket = Visit.silent(address.getAddress(), address.getPort())) {
            int got = socket.getInputStream().read();
            throw new BrokenStreamException((got < 0 ? "a clean end" : "a byte") + " (expected: a reset)");
        } catch (SocketTimeoutException | BrokenStreamException wrong) {
            throw wrong;
        } catch (IOException reset) {
            return; // It came with the handshake, or at once behind it.
        }
    }

    private void slowReader(Random moves) throws IOException, InterruptedException {
        try (Visit visit = Visit.to(ground.of(SoakForward.STEADY), false, SMALL_BUFFER)) {
            visit.ask(2L * MIB);
            for (int parts = 16; parts > 0; parts--) {
                visit.receive(128 * KIB);
                Thread.sleep(50 + moves.nextInt(150));
            }
            visit.part();
        }
    }

    private void slowServer(Random moves) throws IOException {
        try (Visit visit = visit(SoakForward.STEADY)) {
            for (int parts = 4; parts > 0; parts--) {
                visit.ask(LinkProtocol.REST, moves.nextInt(1000));
                visit.send(2L * MIB);
            }
            visit.part();
        }
    }

    private void neverReads(Random moves) throws IOException, InterruptedException {
        try (Visit visit = Visit.to(ground.of(SoakForward.IMPATIENT), false, SMALL_BUFFER)) {
            visit.ask(TOO_MUCH);
            Thread.sleep(beyondPatience(moves));
            requireReset(visit);
        }
    }

    private void silentBeyondIdle(Random moves) throws IOException, InterruptedException {
        try (Visit visit = visit(SoakForward.IMPATIENT)) {
            Thread.sleep(beyondPatience(moves));
            visit.receiveToTheEnd();
        }
    }

    /** Twice the timeout, since links are looked at from time to time only. */
    private static long beyondPatience(Random moves) {
        return 2000L * Weather.MOST_PATIENCE + moves.nextInt(500);
    }

    /** Which may end in any way, but not with bytes that nobody sent. */
    private void serverThatDies(Random moves) throws IOException, InterruptedException {
        try (Visit visit = visit(SoakForward.MORTAL)) {
            for (int requests = 1 + moves.nextInt(30); requests > 0; requests--) {
                visit.send(1 + moves.nextInt(16 * KIB));
                visit.request(1 + moves.nextInt(64 * KIB));
                Thread.sleep(moves.nextInt(20));
            }
            visit.part();
        } catch (IOException e) {
            if (e instanceof BrokenStreamException && !(e instanceof EarlyEndException)) {
                throw e;
            }
        }
    }
}
