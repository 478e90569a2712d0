package io.github.wslproxy.bench.soak;

import io.github.wslproxy.forward.DurationWords;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/** What UDP clients do. */
final class UdpPlays {
    private static final int[] SIZES = {0, 1, 1472, 2048, 2049, 9000, UdpClient.LARGEST};
    private static final int SOURCES = 100;
    private static final Duration FLOOD = Duration.ofSeconds(2);
    private static final Duration UNTIL_FORGOTTEN = Duration.ofSeconds(15);

    private final Ground ground;
    private final StatusReader status;
    private final Findings findings;
    private final AtomicLong sentAgain = new AtomicLong();

    /** Two at once would be more than the forward has room for by intent, or take each other's places. */
    private final Semaphore oneWithManySources = new Semaphore(1);

    private final Semaphore oneFlood = new Semaphore(1);

    UdpPlays(Ground ground, StatusReader status, Findings findings) {
        this.ground = ground;
        this.status = status;
        this.findings = findings;
    }

    List<Play> all() {
        return List.of(
                new Play("udp echo, all sizes", 20, this::echo),
                new Play("udp, many sources", 3, moves -> alone(oneWithManySources, this::manySources)),
                new Play("udp flood at the cap", 1, moves -> alone(oneFlood, this::flood)),
                new Play("udp, nobody listens", 3, this::unheard));
    }

    /** How many datagrams had to be sent again. */
    long sentAgain() {
        return sentAgain.get();
    }

    private interface Alone {
        void perform() throws IOException, InterruptedException;
    }

    private static void alone(Semaphore one, Alone act) throws IOException, InterruptedException {
        if (!one.tryAcquire()) {
            return;
        }
        try {
            act.perform();
        } finally {
            one.release();
        }
    }

    private void echo(Random moves) throws IOException {
        try (UdpClient client = new UdpClient(ground.of(SoakForward.ECHO))) {
            for (int left = 1 + moves.nextInt(12); left > 0; left--) {
                client.exchange(
                        moves.nextBoolean()
                                ? SIZES[moves.nextInt(SIZES.length)]
                                : moves.nextInt(UdpClient.LARGEST + 1));
            }
            sentAgain.addAndGet(client.sentAgain());
        }
    }

    private void manySources() throws IOException {
        for (int left = SOURCES; left > 0; left--) {
            try (UdpClient client = new UdpClient(ground.of(SoakForward.ECHO))) {
                client.exchange(left);
                sentAgain.addAndGet(client.sentAgain());
            }
        }
    }

    /** A session that was there before the flood is served all the time, and there are never more than the cap. */
    private void flood() throws IOException, InterruptedException {
        if (!status.await(figures -> figures.open(SoakForward.CROWDED) == 0, UNTIL_FORGOTTEN)) {
            findings.add("sessions of " + SoakForward.CROWDED.id() + " did not end within "
                    + DurationWords.of(UNTIL_FORGOTTEN));
            return;
        }
        InetSocketAddress forward = ground.of(SoakForward.CROWDED);
        List<UdpClient> flood = new ArrayList<>();
        try (UdpClient steady = new UdpClient(forward)) {
            steady.exchange(1);
            for (int i = 0; i < 4 * SoakConfig.CROWD; i++) {
                flood.add(new UdpClient(forward));
            }
            for (long end = System.nanoTime() + FLOOD.toNanos(); System.nanoTime() < end; ) {
                for (UdpClient client : flood) {
                    client.send(512);
                }
                steady.exchange(512);
            }
            long open = status.read().open(SoakForward.CROWDED);
            if (open > SoakConfig.CROWD) {
                findings.add(open + " sessions in a flood (expected: at most " + SoakConfig.CROWD + ")");
            }
        } finally {
            flood.forEach(UdpClient::close);
        }
    }

    private void unheard(Random moves) throws IOException {
        try (UdpClient client = new UdpClient(ground.of(SoakForward.UNHEARD))) {
            for (int left = 5; left > 0; left--) {
                client.send(moves.nextInt(2048));
            }
            if (client.hears(100)) {
                findings.add("an answer where nobody listens");
            }
        }
    }
}
