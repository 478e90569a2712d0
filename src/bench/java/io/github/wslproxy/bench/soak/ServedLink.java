package io.github.wslproxy.bench.soak;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;

/** The server's end of one link. For one thread, which it takes another for what is long to send. */
final class ServedLink {
    /** What the system takes without a reader. */
    private static final long SENT_AT_ONCE = 16 * 1024;

    private final Socket socket;
    private final Executor threads;
    private final DataInputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[32 * 1024];
    private CompletableFuture<Void> sending = CompletableFuture.completedFuture(null);
    private long received;
    private long sent;

    ServedLink(Socket socket, Executor threads) throws IOException {
        this.socket = socket;
        this.threads = threads;
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /**
     * Until the client has ended, or broken off.
     *
     * @throws BrokenStreamException if its bytes are wrong, or end cleanly in the middle
     */
    void serve() throws IOException, InterruptedException {
        int first = in.read();
        if (first < 0) {
            return; // Not a word: a port scanner.
        }
        boolean mayBeKilled = first != 0;
        try {
            long link = in.readLong();
            KnownBytes mine = LinkProtocol.ofServer(link);
            for (int request = in.read(); request >= 0; request = in.read()) {
                answer((byte) request, in.readLong(), mine, LinkProtocol.ofClient(link));
            }
            awaitSent();
        } catch (EOFException early) {
            if (!mayBeKilled) {
                throw new BrokenStreamException("a clean end in the middle, after " + received + " bytes");
            }
        }
    }

    private void answer(byte request, long count, KnownBytes mine, KnownBytes theirs)
            throws IOException, InterruptedException {
        switch (request) {
            case LinkProtocol.TAKE -> take(count, theirs);
            case LinkProtocol.SEND -> send(count, mine);
            case LinkProtocol.REST -> Thread.sleep(count);
            case LinkProtocol.END -> {
                awaitSent();
                socket.shutdownOutput();
            }
            case LinkProtocol.BREAK -> {
                awaitSent();
                socket.setOption(StandardSocketOptions.SO_LINGER, 0);
                socket.close();
            }
            default -> throw new BrokenStreamException("the request " + request + " (expected: one of the protocol)");
        }
    }

    private void take(long count, KnownBytes theirs) throws IOException {
        for (long end = received + count; received < end; ) {
            int some = in.read(buffer, 0, (int) Math.min(buffer.length, end - received));
            if (some < 0) {
                throw new EOFException();
            }
            if (!theirs.are(buffer, some, received)) {
                throw new BrokenStreamException("wrong bytes behind the first " + received);
            }
            received += some;
        }
    }

    private void send(long count, KnownBytes mine) throws IOException, InterruptedException {
        awaitSent();
        long from = sent;
        sent += count;
        if (count <= SENT_AT_ONCE) {
            mine.write(out, from, count);
            return;
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        sending = done;
        threads.execute(() -> {
            try {
                mine.write(out, from, count);
                done.complete(null);
            } catch (IOException reset) {
                done.completeExceptionally(reset);
            }
        });
    }

    private void awaitSent() throws IOException, InterruptedException {
        try {
            sending.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }
}
