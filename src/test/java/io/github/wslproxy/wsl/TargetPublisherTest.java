package io.github.wslproxy.wsl;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.target.CurrentTarget;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.testing.RecordedLog;
import io.github.wslproxy.wsl.ProbeFailure.Kind;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TargetPublisherTest {
    private static final ProbeReport FIRST = found("172.30.98.229");
    private static final ProbeReport SECOND = found("172.30.101.7");
    private static final ProbeReport DOWN = ProbeReport.learned(new TargetState.Down("no distribution is running"));
    private static final ProbeReport MIRRORED = ProbeReport.learned(
            new TargetState.OnLan("mirrored", Samples.address("127.0.0.1"), "the networking mode says so"));
    private static final ProbeReport LATE = failed("killed, as it hung");

    private static final ProbeReport HINT = LATE.remembering(Samples.address("172.30.98.229"));

    private final RecordedLog log = new RecordedLog(TargetPublisher.class);
    private final CurrentTarget target = new CurrentTarget(Clock.systemUTC(), new TargetState.Unknown("not asked yet"));
    private final TargetPublisher publisher = new TargetPublisher(target);

    @AfterEach
    void endLog() {
        log.close();
    }

    @Test
    void aChangeIsPublishedAndSaidOnce() {
        tell(FIRST, FIRST, SECOND, SECOND);

        assertThat(target.current().address()).contains(Samples.address("172.30.101.7"));
        assertThat(log.lines())
                .containsExactly(
                        "INFO WSL is at 172.30.98.229, seen",
                        "INFO WSL is at 172.30.101.7, seen (was at 172.30.98.229)");
    }

    @Test
    void aStoppedVmAndASharedNetworkAreChangesToo() {
        tell(FIRST, DOWN, DOWN, MIRRORED, MIRRORED);

        assertThat(target.current()).isInstanceOf(TargetState.OnLan.class);
        assertThat(log.lines())
                .containsExactly(
                        "INFO WSL is at 172.30.98.229, seen",
                        "INFO WSL is stopped: no distribution is running (was at 172.30.98.229)",
                        "INFO WSL shares the addresses of Windows (mirrored): the networking mode says so (was stopped)");
    }

    @Test
    void aFailureKeepsTheLastGoodAddressAndIsSaidOnce() {
        tell(FIRST, LATE, failed("exit 1"), LATE);

        assertThat(target.current().address()).contains(Samples.address("172.30.98.229"));
        assertThat(target.current().reason())
                .isEqualTo("seen; asking again failed: wsl.exe gave no answer within 10s and was killed");
        assertThat(log.lines())
                .hasSize(2)
                .last()
                .asString()
                .startsWith("WARN Asking WSL failed, keeping 172.30.98.229: killed")
                .contains("wsl --shutdown");
    }

    @Test
    void aFailureKeepsASharedNetwork() {
        tell(MIRRORED, LATE);

        assertThat(target.current()).isInstanceOf(TargetState.OnLan.class);
    }

    @Test
    void workingAgainIsSaidOnce() {
        tell(FIRST, LATE, FIRST, FIRST, LATE);

        assertThat(target.current().reason()).startsWith("seen; asking again failed");
        assertThat(log.lines())
                .extracting(line -> line.substring(0, line.indexOf(' ') + 8))
                .containsExactly("INFO WSL is ", "WARN Asking ", "INFO Asking ", "WARN Asking ");
    }

    @Test
    void withNoGoodAddressYetAFailureMeansDown() {
        tell(LATE, LATE);

        assertThat(target.current()).isInstanceOf(TargetState.Down.class);
        assertThat(target.current().reason())
                .isEqualTo("WSL's address is not known: wsl.exe gave no answer within 10s and was killed");
        assertThat(log.lines())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("WARN Asking WSL failed, so its address is not known: killed, as it hung; ");
    }

    @Test
    void aVmThatWasDownStaysDown() {
        tell(FIRST, DOWN, LATE);

        assertThat(target.current()).isInstanceOf(TargetState.Down.class);
    }

    @Test
    void aHintStandsInForAnAnswerAndIsSaidOnce() {
        tell(HINT, HINT);

        assertThat(target.current().address()).contains(Samples.address("172.30.98.229"));
        assertThat(target.current().reason()).startsWith("Windows remembers it").contains("was killed");
        assertThat(log.lines())
                .singleElement()
                .asString()
                .startsWith("WARN WSL may be at 172.30.98.229, which Windows remembers. Asking it failed: killed");
    }

    @Test
    void aHintGivesWayToAnAnswer() {
        tell(HINT, SECOND);

        assertThat(target.current().address()).contains(Samples.address("172.30.101.7"));
    }

    @Test
    void aHintNeverOverridesAnAnswer() {
        tell(SECOND, HINT);
        assertThat(target.current().address()).contains(Samples.address("172.30.101.7"));

        tell(DOWN, HINT);
        assertThat(target.current()).isInstanceOf(TargetState.Down.class);

        tell(MIRRORED, HINT);
        assertThat(target.current()).isInstanceOf(TargetState.OnLan.class);
    }

    private void tell(ProbeReport... reports) {
        for (ProbeReport report : reports) {
            publisher.publish(report);
        }
    }

    private static ProbeReport found(String address) {
        return ProbeReport.learned(new TargetState.Up(Samples.address(address), "seen"));
    }

    private static ProbeReport failed(String detail) {
        return ProbeReport.failed(
                ProbeFailure.of(Kind.TIMED_OUT, "wsl.exe gave no answer within 10s and was killed", detail));
    }
}
