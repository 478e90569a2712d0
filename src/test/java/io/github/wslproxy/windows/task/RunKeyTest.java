package io.github.wslproxy.windows.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The value in the Run key. */
class RunKeyTest {
    @TempDir
    Path folder;

    private static final LauncherLetters LETTERS = new LauncherLetters(StandardCharsets.UTF_8);

    private final FakeTaskTools windows = new FakeTaskTools();

    @Test
    void theRunKeyTakesNoLongerLineThanWindowsReads() throws Exception {
        Launch deep = new Launch("C:\\" + "x".repeat(200), Samples.LAUNCH.javaw(), Samples.LAUNCH.config());
        Path options = folder.resolve("state/logon.options");

        assertThatThrownBy(() -> windows.runKey().set(deep, options, LETTERS))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("260")
                .hasMessageContaining("shorter path");
        assertThatThrownBy(() -> RunKey.setting(deep, options.toString())).hasMessageContaining("shorter path");
        assertThat(windows.ran()).isEmpty();
        assertThat(options).doesNotExist();

        windows.runKey().set(new Launch("C:\\p", "C:\\j\\javaw.exe", Optional.of("C:\\c.toml")), options, LETTERS);
        assertThat(options).content().contains("\"C:\\\\p\\\\lib\\\\*\"");
        assertThat(windows.ran()).singleElement().asString().startsWith("reg add HKCU");
    }

    @Test
    void theRunKeyStartsWhatItNames() throws Exception {
        windows.detachedEndsWith(1);

        assertThat(windows.runKey().start(Samples.LAUNCH, Path.of("options")).get())
                .hasValue(1);

        assertThat(windows.ran())
                .containsExactly(
                        "start " + Samples.LAUNCH.javaw() + " @" + Samples.LAUNCH.program() + "\\jvm.options @options");
    }

    @Test
    void anOptionFileThatJavaCouldNotReadIsRefusedWithItsLetters() {
        Path options = folder.resolve("\u0141ukasz").resolve("logon.options");
        LauncherLetters western = new LauncherLetters(Charset.forName("windows-1252"));

        assertThatThrownBy(() -> windows.runKey().set(Samples.LAUNCH, options, western))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(options.toString())
                .hasMessageContaining("\u0141 (U+0141)")
                .hasMessageEndingWith("install it without --run-key");
        assertThat(options.getParent()).doesNotExist();
        assertThat(windows.ran()).isEmpty();
    }
}
