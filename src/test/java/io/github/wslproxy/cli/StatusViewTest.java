package io.github.wslproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.os.OwnCommand;
import io.github.wslproxy.status.SampleForward;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.status.StatusSamples;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the table and its terminal do. */
class StatusViewTest {
    private static final Snapshot SNAPSHOT =
            StatusSamples.of(StatusSamples.listening("a forward with a very long name, as it is allowed"));

    private static List<String> lines(Snapshot snapshot, Optional<ForwardTable.Rates> rates, int room) {
        return new StatusView(snapshot, rates, Instant.EPOCH, ZoneOffset.UTC, OwnCommand.OF_DEFAULT).lines(room);
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 60, 80, 100, 140})
    void noLineIsLongerThanTheTerminalIsWide(int columns) {
        ForwardTable.Rates rates = new ForwardTable.Rates(SNAPSHOT, SNAPSHOT, Duration.ofSeconds(1));

        assertThat(lines(SNAPSHOT, Optional.of(rates), columns))
                .allMatch(line -> line.length() <= columns)
                .anyMatch(line -> line.startsWith("FORWARD") && line.contains("STATE") && line.contains("OUT/S"))
                .anyMatch(line -> line.startsWith("a forw") && line.contains("listening"));
    }

    @Test
    void whatAWideLineSaysANarrowTerminalSaysInSeveral() {
        String words = String.join(" ", lines(SNAPSHOT, Optional.empty(), Integer.MAX_VALUE))
                .replaceAll("\\s+", " ");
        String narrow = String.join(" ", lines(SNAPSHOT, Optional.empty(), 50)).replaceAll("\\s+", " ");

        String first = words.substring(0, words.indexOf(" FORWARD"));
        assertThat(narrow).startsWith(first);
    }

    @Test
    void whatWasServedSinceIsNoLongerSaidToBeWrong() {
        Snapshot.ForwardView kept = StatusSamples.keptOut("web", "10.0.0.1");
        String wrong = String.join("\n", lines(StatusSamples.of(kept), Optional.empty(), 1000));
        assertThat(wrong).contains("to fix it: add 10.0.0.1").doesNotContain("Right again");

        String over =
                String.join("\n", lines(StatusSamples.of(StatusSamples.servedSince(kept)), Optional.empty(), 1000));
        assertThat(over)
                .contains("Right again:\n  web last problem: 2026-11-22 01:02:03 refused 10.0.0.1:50001: ")
                .contains("; served since 2026-11-22 01:02:03")
                .doesNotContain("to fix it", "to see why");
    }

    @Test
    void aForwardThatGoesThroughLocalhostIsNamed() {
        Snapshot snapshot = StatusSamples.of(
                StatusSamples.listening("web"),
                SampleForward.like(StatusSamples.listening("vite"))
                        .via("localhost")
                        .view());

        assertThat(lines(snapshot, Optional.empty(), 1000))
                .contains("vite goes through WSL's localhost relay.")
                .doesNotContain("web goes through WSL's localhost relay.");
    }

    @Test
    void ratesAreThoseBetweenTwoLooks() {
        Snapshot before = StatusSamples.of(StatusSamples.failed("other"), StatusSamples.listening("vite"));
        Snapshot after = StatusSamples.of(SampleForward.like(StatusSamples.listening("vite"))
                .bytes(4096 + 3000, 5_000_000_000L)
                .view());

        ForwardTable.Rates rates = new ForwardTable.Rates(before, after, Duration.ofMillis(1500));

        assertThat(rates.of("vite", Snapshot.ForwardView::bytesIn)).contains(2000L);
        assertThat(rates.of("vite", Snapshot.ForwardView::bytesOut)).contains(0L);
        assertThat(rates.of("other", Snapshot.ForwardView::bytesIn)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "999, 999",
        "1000, 1.0k",
        "9949, 9.9k",
        "9950, 10k",
        "999499, 999k",
        "999500, 1.0M",
        "5000000000, 5.0G",
        "9223372036854775807, 9.2E"
    })
    void amountsOfBytesAreShort(long bytes, String words) {
        assertThat(ForwardTable.bytes(bytes)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({"-5, 0s left", "59, 59s left", "3599, 59m59s left", "3659, 1h left", "7200, 2h left"})
    void theTimeThatIsLeftIsToldInMinutesWhereThereAreHours(long seconds, String words) {
        assertThat(ForwardTable.remaining(Instant.EPOCH.plusSeconds(seconds), Instant.EPOCH))
                .isEqualTo(words);
    }

    @Test
    void onlyWhatIsNewIsALine() {
        StatusLines lines = new StatusLines();
        Snapshot quiet = StatusSamples.of(StatusSamples.listening("my web"));
        assertThat(lines.next(quiet))
                .contains("forward \"my web\" listening")
                .noneMatch(line -> line.startsWith("event"));
        assertThat(lines.next(quiet)).isEmpty();

        List<Snapshot.Event> events = new ArrayList<>(quiet.events());
        events.add(new Snapshot.Event(Instant.EPOCH, "warn", "WSL is down"));
        Snapshot moved = StatusSamples.of(StatusSamples.target("down", ""));
        assertThat(lines.next(StatusSamples.withNews(moved, "line 3 is odd", events)))
                .containsExactly(
                        "wsl down", "config line 3 is odd", "forward \"my web\" gone", "event warn WSL is down");
    }

    // ---- at the start

    private static Snapshot snapshot(String state, String onStopped, Snapshot.ForwardView... forwards) {
        return StatusSamples.of(
                new Snapshot.Target(state, "", Instant.EPOCH, "it printed nothing", onStopped, Duration.ofSeconds(8)),
                forwards);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "down | refuse | WSL is stopped; new clients are refused until it is back (it printed nothing).",
                "down | hold | WSL is stopped; new clients wait up to 8s for it (it printed nothing).",
                "down | wake | WSL is stopped; a new client starts it, and waits up to 8s for it (it printed nothing).",
                "unknown | hold | WSL's address is not known; new clients wait up to 8s for it (it printed nothing).",
            })
    void whereWslIsStoppedItSaysWhatNewClientsGet(String state, String onStopped, String expected) {
        assertThat(StatusView.whereWslIs(snapshot(state, onStopped, StatusSamples.listening("vite"))))
                .isEqualTo(expected);
    }

    @Test
    void nothingIsSaidOfClientsWhereNoForwardLeadsToWsl() {
        assertThat(StatusView.whereWslIs(snapshot("down", "hold"))).isEqualTo("WSL is stopped (it printed nothing).");
    }

    @Test
    void whereNothingIsForwardedThereIsNoEmptyTable() {
        assertThat(StatusView.started(StatusSamples.of(), Optional.empty()))
                .contains("Nothing is forwarded now.")
                .noneMatch(line -> line.startsWith("FORWARD"));
    }

    @Test
    void aForwardWithoutALanUrlSaysWhy() {
        Snapshot.ForwardView hidden = StatusSamples.unreachable("db", "it listens on 127.0.0.1:1 only");

        assertThat(StatusView.started(StatusSamples.of(hidden), Optional.empty()))
                .contains("db has no LAN URL: it listens on 127.0.0.1:1 only.");
    }

    // ---- the terminal

    @Test
    void aTableIsDrawnOverTheLastOneAndWhatWasThereComesBack() {
        StringWriter out = new StringWriter();
        try (Terminal.Screen screen = new Terminal.Screen(new PrintWriter(out), () -> new Terminal.Size(3, 10))) {
            screen.draw(List.of("one", "two is longer than that"));
            screen.draw(List.of("1", "2", "3", "4"));
        }
        assertThat(out.toString())
                .startsWith("\u001b[?1049h\u001b[?25l\u001b[?7l")
                .contains("\u001b[H\u001b[2Kone\r\n\u001b[2Ktwo is l..\r\n\u001b[J")
                .contains("\u001b[H\u001b[2K1\r\n\u001b[2K2\r\n\u001b[2K(2 more lines")
                .endsWith("\u001b[?7h\u001b[?25h\u001b[?1049l");
    }

    @ParameterizedTest
    @CsvSource({"24 70, 24, 70", "0 0, 24, 120", "nonsense, 24, 120", "'', 24, 120"})
    void theSizeOfTheTerminalIsAskedOrTakenForTheUsual(String answer, int rows, int columns) {
        Terminal.Size size = Terminal.Size.ask(
                (command, timeout) -> new CommandResult.Ended(0, answer + "\n", "", Duration.ZERO),
                name -> Optional.of("/usr/bin/" + name));

        assertThat(size).isEqualTo(new Terminal.Size(rows, columns));
    }

    @Test
    void bothKindsOfSttyAreAsked() {
        List<List<String>> asked = new ArrayList<>();
        Terminal.Size size = Terminal.Size.ask(
                (command, timeout) -> {
                    asked.add(command);
                    boolean bsd = command.contains("-f");
                    return new CommandResult.Ended(bsd ? 0 : 1, bsd ? "50 132\n" : "", "", Duration.ZERO);
                },
                name -> Optional.of("/bin/" + name));

        assertThat(size).isEqualTo(new Terminal.Size(50, 132));
        assertThat(asked)
                .containsExactly(
                        List.of("/bin/stty", "-F", "/dev/tty", "size"), List.of("/bin/stty", "-f", "/dev/tty", "size"));
    }

    @Test
    void aTableThatFitsIsNotCut() {
        TextTable table = new TextTable("A", "B").row("a long cell indeed", "another long cell");

        assertThat(table.lines(37)).isEqualTo(table.lines());
        assertThat(table.lines(30)).allMatch(line -> line.length() <= 30).anyMatch(line -> line.contains(".."));
        assertThat(table.lines(3)).containsExactly("A         B", "a long..  anothe..");
    }
}
