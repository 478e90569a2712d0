package io.github.wslproxy.wsl;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.os.CommandRunner;
import io.github.wslproxy.testing.FakeRunner;
import io.github.wslproxy.wsl.WslProbe.Depth;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The built-in probe that looks for sockets, against a WSL that stops what nobody uses. */
class ScanScheduleTest {
    private static final String SOCKET =
            "/proc/net/tcp:   0: 00000000:1435 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 1 1\n";
    private static final long LOOK_MILLIS = 200;

    private final FakeWsl wsl = new FakeWsl();

    /** A distribution that is stopped some time after the last command of Windows in it has ended (Lifetime.cpp). */
    private static final class FakeWsl implements CommandRunner {
        long now;
        long idleTimeout = 15_000;

        /** Somebody has a terminal open until then. */
        long userLeaves = Long.MAX_VALUE / 2;

        boolean namesItsRelays = true;

        /**
         * The third look does not end inside, though its wsl.exe is killed, and looks like somebody else from then on.
         */
        boolean oneHangs;

        long lastLookEnded;
        int looks;

        boolean isRunning() {
            return idleTimeout < 0 || now < Math.max(userLeaves, lastLookEnded) + idleTimeout;
        }

        @Override
        public CommandResult run(List<String> command, Duration timeout) {
            if (command.contains("--running")) {
                return FakeRunner.ended(0, isRunning() ? "Ubuntu" : "");
            }
            looks++;
            boolean userIsThere = now < userLeaves || oneHangs;
            now += LOOK_MILLIS;
            lastLookEnded = now;
            if (looks == 3 && oneHangs) {
                return new CommandResult.TimedOut("", Duration.ofSeconds(10));
            }
            String relays = "Relay(" + looks + ")\n" + (userIsThere ? "Relay(77)\n" : "");
            return FakeRunner.ended(
                    0,
                    "nat\n--addresses--\n172.30.98.229\n--sockets--\n" + SOCKET + "--proc--\n--sessions-- " + looks
                            + "\n" + (namesItsRelays ? relays : ""));
        }

        Optional<Duration> configured() {
            return idleTimeout < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(idleTimeout));
        }
    }

    private final WslProbe probe = new WindowsProbe(
            Optional.empty(),
            Duration.ofSeconds(10),
            Optional::empty,
            () -> false,
            Optional.of(new ScanSchedule(wsl::configured)),
            new WslExe(() -> "wsl.exe", wsl),
            Samples.NOTHING_REMEMBERED,
            () -> Samples.NAT,
            () -> wsl.now * 1_000_000);

    @ParameterizedTest(name = "left at {0} ms, stopped after {1} ms, interval {2} ms")
    @CsvSource({
        "60000, 15000, 5000",
        "61234, 15000, 5000",
        "64999, 15000, 5000",
        "60000, 15000, 100",
        "60000, 15000, 14000",
        "60000, 15000, 60000",
        "60000, 1000, 5000",
        "60000, 0, 5000",
        "60000, 600000, 5000"
    })
    void aDistributionStopsAtMostOneIntervalLaterThanWithoutThem(long left, long idleTimeout, long interval) {
        wsl.userLeaves = left;
        wsl.idleTimeout = idleTimeout;

        long stopped = runUntilItStops(interval);

        // Not later than by one look, which the probe had to take before it could know that the user had left.
        long delay = Math.min(Math.max(interval, 2000), idleTimeout) + 2 * LOOK_MILLIS;
        assertThat(stopped - (left + idleTimeout)).isBetween(0L, delay);
    }

    @ParameterizedTest
    @ValueSource(longs = {100, 5000, 14_999, 60_000})
    void itStopsWhereTheLooksCannotTellWhoIsThere(long interval) {
        wsl.userLeaves = 60_000;
        wsl.namesItsRelays = false;

        assertThat(runUntilItStops(interval) - 75_000).isBetween(0L, 15_000 + LOOK_MILLIS);
    }

    @Test
    void aLookThatHangsInsideIsNotTakenForSomebodyElse() {
        wsl.userLeaves = 60_000;
        wsl.oneHangs = true;

        assertThat(runUntilItStops(5000) - 75_000).isBetween(0L, 15_000 + LOOK_MILLIS);
    }

    @Test
    void whileSomebodyIsThereEveryRoutineProbeSeesWhoListens() {
        for (int probes = 0; probes < 20; probes++) {
            ProbeReport report = probe.probe(Depth.ROUTINE);

            assertThat(report.sockets().orElseThrow())
                    .extracting(GuestSocket::where)
                    .containsExactly("0.0.0.0:5173");
            wsl.now += 5000;
        }
    }

    @Test
    void whatIsNeverStoppedIsLookedIntoByEveryRoutineProbe() {
        wsl.idleTimeout = -1;
        wsl.userLeaves = 0;

        for (int probes = 0; probes < 20; probes++) {
            assertThat(probe.probe(Depth.ROUTINE).sockets()).isPresent();
            wsl.now += 5000;
        }
    }

    /** Something else keeps it awake that has no command of Windows. */
    @Test
    void whereNobodyIsThereItIsLookedIntoEachHalfMinute() {
        wsl.userLeaves = 0;
        wsl.idleTimeout = 15_000;
        probe.probe(Depth.FULL);
        for (int second = 0; second < 600; second++) {
            wsl.now += 1000;
            wsl.userLeaves = wsl.now; // It runs on, though a look sees nobody.
            probe.probe(Depth.ROUTINE);
        }

        assertThat(wsl.looks).isBetween(19, 21);
    }

    @Test
    void failedConnectsDoNotKeepTheLooksAway() {
        for (int second = 0; second < 60; second++) {
            probe.probe(Depth.CONNECT_FAILED);
            wsl.now += 1000;
        }

        assertThat(wsl.looks).isGreaterThan(20);
    }

    @Test
    void aStoppedVmHasNoListeners() {
        wsl.userLeaves = 0;
        wsl.lastLookEnded = -100_000;
        wsl.now = 100_000;

        assertThat(probe.probe(Depth.ROUTINE).sockets()).contains(List.of());
        assertThat(wsl.looks).isZero();
    }

    private long runUntilItStops(long interval) {
        while (wsl.isRunning()) {
            probe.probe(Depth.ROUTINE);
            assertThat(wsl.now).as("it is kept awake").isLessThan(10_000_000);
            long next = wsl.now + interval;
            while (wsl.now < next && wsl.isRunning()) {
                wsl.now += 50;
            }
        }
        return wsl.now;
    }
}
