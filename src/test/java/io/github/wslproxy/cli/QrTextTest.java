package io.github.wslproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.cli.QrText.Style;
import io.nayuki.qrcodegen.QrCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class QrTextTest {
    private static final String URL = "http://192.168.1.20:5173/";
    private static final int QUIET = 4;

    @ParameterizedTest
    @EnumSource
    void eachModuleIsTwoCharactersWideAndAQuietZoneGoesAround(Style style) {
        QrCode code = QrCode.encodeText(URL, QrCode.Ecc.MEDIUM);
        List<String> lines = QrText.lines(URL, style);

        assertThat(lines).hasSize(code.size + 2 * QUIET);
        for (int y = 0; y < lines.size(); y++) {
            String row = modules(lines.get(y), style);
            assertThat(row).hasSize(code.size + 2 * QUIET);
            for (int x = 0; x < row.length(); x++) {
                assertThat(row.charAt(x) == 'D')
                        .as("module %d %d", x, y)
                        .isEqualTo(code.getModule(x - QUIET, y - QUIET));
            }
        }
    }

    @Test
    void withoutColoursItIsPlainAscii() {
        assertThat(QrText.lines(URL, Style.LIGHT_TEXT)).allMatch(line -> line.matches("[ #]*"));
        assertThat(QrText.lines(URL, Style.DARK_TEXT)).allMatch(line -> line.matches("[ #]*"));
        assertThat(QrText.lines(URL, Style.LIGHT_TEXT).get(0)).matches("#*");
        assertThat(QrText.lines(URL, Style.DARK_TEXT).get(0)).isBlank();
    }

    /** D for dark, L for light. */
    private static String modules(String line, Style style) {
        return switch (style) {
            case COLOURED ->
                line.replace("\u001b[0m", "").replace("\u001b[40m  ", "D").replace("\u001b[107m  ", "L");
            case LIGHT_TEXT -> line.replace("##", "L").replace("  ", "D");
            case DARK_TEXT -> line.replace("##", "D").replace("  ", "L");
        };
    }
}
