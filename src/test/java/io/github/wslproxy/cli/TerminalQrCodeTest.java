package io.github.wslproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.cli.TerminalQrCode.Style;
import io.nayuki.qrcodegen.QrCode;
import java.nio.charset.Charset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TerminalQrCodeTest {
    private static final String URL = "http://192.168.1.20:5173/";
    private static final int QUIET = 4;

    @ParameterizedTest
    @EnumSource
    void eachModuleIsWhereItBelongsAndAQuietZoneGoesAround(Style style) {
        QrCode code = QrCode.encodeText(URL, QrCode.Ecc.MEDIUM);
        List<String> rows = TerminalQrCode.lines(URL, style).stream()
                .flatMap(line -> modules(line, style))
                .toList();

        int size = code.size + 2 * QUIET;
        assertThat(rows).hasSizeBetween(size, size + 1);
        for (int y = 0; y < size; y++) {
            String row = rows.get(y);
            assertThat(row).hasSize(size);
            for (int x = 0; x < row.length(); x++) {
                assertThat(row.charAt(x) == 'D')
                        .as("module %d %d", x, y)
                        .isEqualTo(code.getModule(x - QUIET, y - QUIET));
            }
        }
    }

    @Test
    void withoutColoursItIsPlainAscii() {
        assertThat(TerminalQrCode.lines(URL, Style.LIGHT_TEXT)).allMatch(line -> line.matches("[ #]*"));
        assertThat(TerminalQrCode.lines(URL, Style.LIGHT_TEXT).get(0)).matches("#*");
    }

    @ParameterizedTest
    @CsvSource({
        "true, true, COLOURED_HALVES",
        "false, true, LIGHT_HALVES",
        "true, false, COLOURED",
        "false, false, LIGHT_TEXT",
    })
    void theStyleFollowsFromWhatTheConsoleShows(boolean colours, boolean halves, Style style) {
        assertThat(Style.of(colours, halves)).isEqualTo(style);
    }

    /** Code pages of Windows consoles among them. */
    @ParameterizedTest
    @CsvSource({
        "UTF-8, true",
        "IBM437, true",
        "IBM850, true",
        "windows-1252, false",
        "US-ASCII, false",
    })
    void halfBlocksNeedTheConsolesCharacterSet(Charset charset, boolean shown) {
        assertThat(Terminal.shows("\u2588\u2580\u2584", charset)).isEqualTo(shown);
    }

    /** Rows of a line; D for dark, L for light. */
    private static Stream<String> modules(String line, Style style) {
        return switch (style) {
            case COLOURED_HALVES -> halves(line.replace("\u001b[97;40m", "").replace("\u001b[0m", ""));
            case LIGHT_HALVES -> halves(line);
            case COLOURED ->
                Stream.of(line.replace("\u001b[0m", "")
                        .replace("\u001b[40m  ", "D")
                        .replace("\u001b[107m  ", "L"));
            case LIGHT_TEXT -> Stream.of(line.replace("##", "L").replace("  ", "D"));
        };
    }

    private static Stream<String> halves(String line) {
        assertThat(line).matches("[ \u2588\u2580\u2584]*");
        return Stream.of(
                line.replaceAll("[\u2588\u2580]", "L").replaceAll("[ \u2584]", "D"),
                line.replaceAll("[\u2588\u2584]", "L").replaceAll("[ \u2580]", "D"));
    }
}
