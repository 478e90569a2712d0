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
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the packaged program takes signals. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs a POSIX shell, its signals, and many loopback addresses")
class ProgramSignalsIT extends ProgramFixture {
    // ---- signals

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void aSignalEndsItPromptlyWhereNothingIsOpen(String signal) throws Exception {
        int port = freePort();
        Path config = write(forward("web", port, 8000) + command("echo", VM));
        try (Program program = new Program(folder, "--config", config.toString()).awaitStart()) {
            program.signal(signal);

            assertThat(program.awaitEnd(SOON)).isZero();
            assertThat(listens(port)).isFalse();
            assertThat(program.err()).doesNotContain("Exception");
        }
    }

    @Test
    void aSignalEndsItPromptlyWhileTheFirstProbeHangs() throws Exception {
        String unmistakable = Long.toString(1_000_000 + ProcessHandle.current().pid());
        Path config = write(forward("web", freePort(), 8000) + command("sleep", unmistakable));
        try (Program program = new Program(folder, "--config", config.toString())) {
            Await.until(() -> sleeps(unmistakable));

            program.signal("TERM");

            assertThat(program.awaitEnd(SOON)).isZero();
            Await.until(() -> !sleeps(unmistakable));
        }
    }

    @Test
    void aProbeThatIsEndedBySignalLeavesNothingRunning() throws Exception {
        String unmistakable = Long.toString(2_000_000 + ProcessHandle.current().pid());
        Path config = write(forward("web", freePort(), 8000) + command("sleep", unmistakable));
        try (Program program = new Program(folder, "probe", "--config", config.toString())) {
            Await.until(() -> sleeps(unmistakable));

            program.signal("TERM");

            assertThat(program.awaitEnd(SOON)).isEqualTo(1);
            Await.until(() -> !sleeps(unmistakable));
        }
    }

    @Test
    void anOpenLinkGetsFiveSecondsAfterASignalAndIsThenCutOff() throws Exception {
        afterASignal((program, client, signalled) -> {
            client.getOutputStream().write('b');
            assertThat(client.getInputStream().read()).isEqualTo('b');

            assertThat(program.awaitEnd(Duration.ofSeconds(9))).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - signalled)).isGreaterThan(Duration.ofSeconds(4));
            assertThat(isGone(client)).isTrue();
        });
    }

    @Test
    void aLinkThatEndsByItselfAfterASignalIsNotWaitedFor() throws Exception {
        afterASignal((program, client, unused) -> {
            client.shutdownOutput();
            assertThat(client.getInputStream().read()).isEqualTo(-1);

            assertThat(program.awaitEnd(SOON)).isZero();
        });
    }

    @Test
    void aSecondSignalEndsItNow() throws Exception {
        afterASignal((program, client, unused) -> {
            assertThat(program.isAlive()).isTrue();

            program.signal("TERM");

            assertThat(program.awaitEnd(Duration.ofSeconds(2))).isNotZero();
            assertThat(isGone(client)).isTrue();
        });
    }

    private interface Ending {
        /** @param signalled when that was, as {@link System#nanoTime()} tells it */
        void watch(Program program, Socket client, long signalled) throws Exception;
    }

    /** Has a program with an open link asked to end; it listens no more then. */
    private void afterASignal(Ending ending) throws Exception {
        try (TcpPeer web = TcpPeer.at(VM, TcpPeer::echo)) {
            int port = freePort();
            Path config = write(forward("web", port, web.port()) + command("echo", VM));
            try (Program program = new Program(folder, "--config", config.toString()).awaitStart();
                    Socket client = openLink(port)) {
                long signalled = System.nanoTime();
                program.signal("TERM");
                Await.until(() -> !listens(port));
                ending.watch(program, client, signalled);
            }
        }
    }

    /** Asks all processes, since what outlives the program is no longer its child. */
    private static boolean sleeps(String seconds) {
        return ProcessHandle.allProcesses()
                .anyMatch(process -> process.info().commandLine().orElse("").endsWith("sleep " + seconds));
    }
}
