package io.github.wslproxy.bench.soak;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What happens around the clients: the VM moves and stops, probes go wrong, the configuration is edited, peers are
 * stopped and killed. Each of these once, in an order that the seed has, then again. Leaves everything as it was. For
 * one thread.
 */
final class Weather {
    /** Of the impatient forward, in seconds. */
    static final int MOST_PATIENCE = 3;

    private static final String BAD_EDIT = "[[forward]]\nport = 99999\nlisten = 1\n";

    /** For a client to be served that was held, or to be refused. */
    private static final long CLIENT_SECONDS = 15;

    private final Ground ground;
    private final World world;
    private final Random moves;
    private final Path peerErrors;
    private final Findings findings;

    private interface Event {
        void happen() throws IOException, InterruptedException;
    }

    Weather(Ground ground, World world, Random moves, Path peerErrors, Findings findings) {
        this.ground = ground;
        this.world = world;
        this.moves = moves;
        this.peerErrors = peerErrors;
        this.findings = findings;
    }

    /** Until {@code end}, of {@link System#nanoTime()}, and until what has begun is over. */
    void blowUntil(long end) throws IOException, InterruptedException {
        List<Event> events = new ArrayList<>(List.of(
                this::move,
                this::stopAndStart,
                this::probeHangs,
                this::probeAnswersGarbage,
                this::probeFails,
                this::edit,
                this::editBadly,
                this::serverIsStoppedAndKilled,
                this::clientsAreStoppedAndKilled));
        while (System.nanoTime() < end) {
            Collections.shuffle(events, moves);
            for (Event event : events) {
                Thread.sleep(200 + moves.nextInt(600));
                if (System.nanoTime() < end) {
                    event.happen();
                }
            }
        }
    }

    private void move() throws IOException, InterruptedException {
        List<InetAddress> others = new ArrayList<>(Ground.VM);
        others.remove(world.address());
        world.moveTo(others.get(moves.nextInt(others.size())));
    }

    /** With a client that comes in between, which is held, or refused. */
    private void stopAndStart() throws IOException, InterruptedException {
        boolean holds = world.config().holds();
        world.stop();
        CompletableFuture<Boolean> served = visitOnce();
        if (!holds) {
            requireServed(served, false);
        }
        Thread.sleep(500 + moves.nextInt(1500));
        if (holds && served.isDone()) {
            findings.add("a client was not held while the VM was stopped");
        }
        world.start();
        requireServed(served, holds);
    }

    private CompletableFuture<Boolean> visitOnce() {
        CompletableFuture<Boolean> served = new CompletableFuture<>();
        InetSocketAddress forward = ground.of(SoakForward.STEADY);
        DaemonThreads.named("early-client")
                .newThread(() -> {
                    try (Visit visit = Visit.to(forward)) {
                        visit.part();
                        served.complete(true);
                    } catch (IOException refused) {
                        served.complete(false);
                    }
                })
                .start();
        return served;
    }

    private void requireServed(CompletableFuture<Boolean> served, boolean expected) throws InterruptedException {
        String who = "a client that came while the VM was stopped ";
        try {
            if (served.get(CLIENT_SECONDS, TimeUnit.SECONDS) != expected) {
                findings.add(who + (expected ? "was held, but not served" : "was served"));
            }
        } catch (TimeoutException e) {
            findings.add(who + "was neither served nor refused within " + CLIENT_SECONDS + " s");
        } catch (ExecutionException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** The last good address stays, so no client may notice. */
    private void probeHangs() throws IOException, InterruptedException {
        world.wsl().hang();
        Thread.sleep(3000);
        world.wsl().answerWith(world.address());
    }

    private void probeAnswersGarbage() throws IOException, InterruptedException {
        world.wsl().answerGarbage();
        Thread.sleep(1500);
        world.wsl().answerWith(world.address());
    }

    private void probeFails() throws IOException, InterruptedException {
        world.wsl().fail();
        Thread.sleep(1500);
        world.wsl().answerWith(world.address());
    }

    private void edit() throws IOException, InterruptedException {
        boolean passing = !world.config().passing(); // By this the edit shows in the status.
        world.edit(new SoakConfig(moves.nextBoolean(), passing, 2 + moves.nextInt(MOST_PATIENCE - 1)));
    }

    private void editBadly() throws IOException, InterruptedException {
        world.editBadly(BAD_EDIT);
    }

    private void serverIsStoppedAndKilled() throws IOException, InterruptedException {
        try (MortalPeer server = new MortalPeer("serve", ground.mortalPort(), peerErrors)) {
            standStill(server);
        }
    }

    private void clientsAreStoppedAndKilled() throws IOException, InterruptedException {
        int port = ground.port(moves.nextBoolean() ? SoakForward.IMPATIENT : SoakForward.STEADY);
        try (MortalPeer clients = new MortalPeer("visit", port, peerErrors)) {
            standStill(clients);
        }
    }

    /** Sometimes for longer than the forward waits, and sometimes until it is killed. */
    private void standStill(MortalPeer peer) throws IOException, InterruptedException {
        Thread.sleep(1500 + moves.nextInt(1000));
        peer.stop();
        Thread.sleep(1000 + moves.nextInt(4000));
        if (moves.nextBoolean()) {
            peer.resume();
            Thread.sleep(1000);
        }
    }
}
