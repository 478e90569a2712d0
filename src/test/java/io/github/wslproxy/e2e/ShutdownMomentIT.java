package io.github.wslproxy.e2e;

import static io.github.wslproxy.testing.Loopback.freePort;
import static io.github.wslproxy.testing.Loopback.isGone;
import static io.github.wslproxy.testing.Loopback.listens;
import static io.github.wslproxy.testing.Loopback.openLink;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.TcpPeer;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the packaged program ends when it is told to at an odd moment: while it starts, reloads, or has clients wait. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs POSIX signals and many loopback addresses")
class ShutdownMomentIT extends ShutdownFixture {
    /** As a terminal and a wrapper that passes the signal on do. */
    @Test
    void twoSignalsAtOnceEndItOnceAndWithoutATrace() throws Exception {
        for (int round = 0; round < 5; round++) {
            int tcp = freePort();
            try (Program program = start(forward("web", "tcp", tcp, 9))) {
                Shell.run(
                                "sh",
                                "-c",
                                "kill -TERM " + program.handle().pid() + "; kill -INT "
                                        + program.handle().pid())
                        .orFail();

                assertThat(program.awaitEnd(SOON)).isIn(0, 130, 143);
                assertThat(program.err()).doesNotContain("\tat ", "Exception");
            }
        }
    }

    // ---- at odd moments

    /**
     * From the launcher's shell to a program that forwards and ends in order, however slow the computer is: 143 and 130
     * as long as Java itself takes the signal.
     */
    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void aSignalAtAnyMomentOfTheStartEndsItQuietly(String signal) throws Exception {
        int tcp = freePort();
        String unmistakable = unmistakable(2);
        Path config = write(probe("sleep " + unmistakable + " & sleep 0.5; echo " + VM)
                + forward("web", "tcp", tcp, 8000).replace("127.0.0.1:8000", "wsl:8000"));
        boolean endedInOrder = false;
        for (int millis = 0; millis <= 1000 || !endedInOrder; millis += 100) {
            try (Program program = new Program(folder, "--config", config.toString())) {
                TimeUnit.MILLISECONDS.sleep(millis);
                program.signal(signal);

                int status = program.awaitEnd(SOON);
                assertThat(status).as("after " + millis + " ms").isIn(0, 143, 130);
                endedInOrder |= status == 0;
                assertThat(program.err())
                        .as("after " + millis + " ms")
                        .doesNotContain("\tat ", "Exception", "WARN", "ERROR");
            }
            Await.until(() -> !sleeps(unmistakable));
        }
        startsAgain(forward("web", "tcp", tcp, 9));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 900, 1100, 1300, 1600, 2000})
    void aSignalDuringAReloadEndsItQuietly(int millis) throws Exception {
        int kept = freePort();
        int moved = freePort();
        int later = freePort();
        String unmistakable = unmistakable(3);
        try (Program program = start(forward("kept", "tcp", kept, 9) + forward("moved", "tcp", moved, 9))) {
            // A new way to find the VM, which takes its time: the reload waits for it.
            write(probe("sleep " + unmistakable)
                    + forward("kept", "tcp", kept, 9)
                    + forward("new", "tcp", later, 9).replace("127.0.0.1:9", "wsl:9"));
            TimeUnit.MILLISECONDS.sleep(millis);

            program.signal("TERM");

            assertThat(program.awaitEnd(SOON)).isZero();
            assertThat(program.err()).doesNotContain("\tat ", "Exception", "ERROR", "could not be applied");
            assertThat(listens(kept) || listens(moved) || listens(later)).isFalse();
            Await.until(() -> !sleeps(unmistakable));
        }
    }

    @Test
    void aReloadThatIsCutShortOpensNoListenerAnyMore() throws Exception {
        int kept = freePort();
        int later = freePort();
        try (TcpPeer echo = TcpPeer.playing(TcpPeer::echo);
                Program program = start(forward("kept", "tcp", kept, echo.port()))) {
            try (Socket link = openLink(kept)) {
                write(probe("sleep 2; echo " + VM)
                        + forward("kept", "tcp", kept, echo.port())
                        + forward("new", "tcp", later, 9).replace("127.0.0.1:9", "wsl:9"));
                Await.until(() -> program.handle().descendants().count() > 0);

                program.signal("TERM");

                Await.until(() -> !listens(kept));
                CompletableFuture<Integer> ended = CompletableFuture.supplyAsync(() -> endOf(program));
                while (!ended.isDone()) {
                    assertThat(listens(later)).isFalse();
                    TimeUnit.MILLISECONDS.sleep(20);
                }
                assertThat(ended.get()).isZero();
                assertThat(link.isConnected()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSignalWhileClientsWaitForTheVmResetsThemAndEndsIt(boolean inBackground) throws Exception {
        int tcp = freePort();
        Path config = write("[log]\nfile = 'the.log'\n[wsl]\ncommand = ['true']\non_stopped = 'hold'\nhold = '60s'\n"
                + forward("web", "tcp", tcp, 8000).replace("127.0.0.1:8000", "wsl:8000"));
        List<Socket> waiting = new ArrayList<>();
        List<String> arguments = new ArrayList<>(List.of("--config", config.toString()));
        if (inBackground) {
            arguments.add("--background");
        }
        try (Program program = new Program(folder, arguments.toArray(String[]::new))) {
            Await.until(() -> !program.isAlive()
                    || log().contains("is running")
                    || program.out().contains("is running"));
            for (int i = 0; i < 20; i++) {
                waiting.add(new Socket(LOOPBACK, tcp));
            }

            program.signal("TERM");

            assertThat(program.awaitEnd(SOON)).isZero();
            for (Socket client : waiting) {
                assertThat(isGone(client)).isTrue();
                client.close();
            }
            assertThat(log() + program.err()).doesNotContain("\tat ", "Exception", "ERROR");
            assertThat(log().lines().toList())
                    .satisfies(lines -> assertThat(lines.get(0)).contains("starts (pid ", config.toString()))
                    .satisfies(lines -> assertThat(lines.get(lines.size() - 1)).endsWith("wslproxy has stopped"))
                    .filteredOn(line -> line.matches(".* INFO +(wslproxy: )?stopping.*"))
                    .hasSize(1);
            assertThat(program.out().contains("log: " + folder.resolve("the.log")))
                    .isEqualTo(!inBackground);
        }
    }

    /** Nothing keeps a Java alive that has been told to end, and whoever looks at its threads knows whose they are. */
    @Test
    void onlyTheMainThreadKeepsItAliveAndEveryOtherIsNamed() throws Exception {
        int tcp = freePort();
        int status = freePort();
        try (Program program =
                start("[status]\nlisten = '127.0.0.1:" + status + "'\n" + forward("web", "tcp", tcp, 9))) {
            Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
            String threads = Shell.run(
                            jcmd.toString(), Long.toString(program.handle().pid()), "Thread.print")
                    .orFail()
                    .out();
            List<String> javaThreads = threads.lines()
                    .filter(line -> line.matches("\".*\" #\\d+ .*"))
                    .toList();

            assertThat(javaThreads)
                    .filteredOn(line -> !line.contains(" daemon "))
                    .singleElement()
                    .asString()
                    .startsWith("\"main\"");
            assertThat(javaThreads).noneMatch(line -> line.matches("\"(Thread|pool)-\\d.*"));
        }
    }
}
