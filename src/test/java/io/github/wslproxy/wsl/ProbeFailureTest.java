package io.github.wslproxy.wsl;

import static io.github.wslproxy.testing.FakeRunner.TOOK;
import static io.github.wslproxy.testing.FakeRunner.ended;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.wsl.ProbeFailure.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What wsl.exe is known to print and to end with when it cannot do what it is asked (windows.md 1.3). */
class ProbeFailureTest {
    private static final String STUB = "The Windows Subsystem for Linux is not installed. You can install by running "
            + "'wsl.exe --install'.\r\nFor more information please visit https://aka.ms/wslinstall\r\n";

    static Stream<Arguments> failures() {
        return Stream.of(
                arguments(
                        "wrong -d name",
                        wsl("There is no distribution with the supplied name.\r\nError code: "
                                + "Wsl/Service/WSL_E_DISTRO_NOT_FOUND\r\n"),
                        Kind.DISTRIBUTION_NOT_FOUND),
                arguments(
                        "wrong -d name, in Chinese",
                        wsl("不存在具有所提供名称的分发。\r\n错误代码: Wsl/Service/WSL_E_DISTRO_NOT_FOUND\r\n"),
                        Kind.DISTRIBUTION_NOT_FOUND),
                arguments(
                        "wrong -d name, as a number",
                        wsl("Error code: Wsl/Service/0x80040302\r\n"),
                        Kind.DISTRIBUTION_NOT_FOUND),
                arguments(
                        "no distribution at all",
                        wsl("Windows Subsystem for Linux has no installed distributions.\r\n"),
                        Kind.NO_DISTRIBUTION),
                arguments(
                        "no distribution, newer text",
                        wsl("You can resolve this by installing one: https://aka.ms/wslstore\r\n"),
                        Kind.NO_DISTRIBUTION),
                arguments(
                        "as LocalSystem",
                        wsl("Running WSL as local system is not supported.\r\nError code: "
                                + "Wsl/Service/WSL_E_LOCAL_SYSTEM_NOT_SUPPORTED\r\n"),
                        Kind.WRONG_ACCOUNT),
                arguments(
                        "as LocalSystem, as a number",
                        wsl("Fehlercode: Wsl/Service/0x8004032E\r\n"),
                        Kind.WRONG_ACCOUNT),
                arguments(
                        "virtualization off",
                        wsl(
                                "WSL2 is unable to start. Error code: Wsl/Service/CreateInstance/CreateVm/HCS/HCS_E_HYPERV_NOT_INSTALLED\r\n"),
                        Kind.VIRTUALIZATION_OFF),
                arguments(
                        "platform missing",
                        wsl("Error code: Wsl/Service/CreateInstance/WSL_E_VIRTUAL_MACHINE_PLATFORM_REQUIRED\r\n"),
                        Kind.VIRTUALIZATION_OFF),
                arguments(
                        "optional component missing",
                        wsl("Error code: Wsl/Service/WSL_E_WSL_OPTIONAL_COMPONENT_REQUIRED\r\n"),
                        Kind.NOT_INSTALLED),
                arguments(
                        "crashed",
                        wsl("Error code: Wsl/Service/CreateInstance/CreateVm/WSL_E_VM_CRASHED\r\n"),
                        Kind.FAILED),
                arguments("access denied", wsl("Error code: Wsl/Service/E_ACCESSDENIED\r\n"), Kind.FAILED),
                arguments("stub, wsl --status", ended(50, Samples.utf16(STUB)), Kind.NOT_INSTALLED),
                arguments("stub, wsl -l", ended(1, Samples.utf16(STUB)), Kind.NOT_INSTALLED),
                arguments("stub, waiting for a key", new CommandResult.TimedOut(STUB, TOOK), Kind.NOT_INSTALLED),
                arguments(
                        "no wsl.exe", new CommandResult.NotStarted("CreateProcess error=2", TOOK), Kind.NOT_INSTALLED),
                arguments("BusyBox", ended(1, "hostname: unrecognized option: I\n"), Kind.FAILED),
                arguments("inetutils", ended(64, "hostname: invalid option -- 'I'\n"), Kind.FAILED),
                arguments("no hostname", ended(127, "sh: hostname: not found\n"), Kind.FAILED),
                arguments("channel lost", ended(1, ""), Kind.FAILED),
                arguments("a code printed by Linux", ended(1, "WSL_E_DISTRO_NOT_FOUND"), Kind.FAILED),
                arguments("hanging", new CommandResult.TimedOut("", TOOK), Kind.TIMED_OUT));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void isRecognisedByStatusAndCode(String what, CommandResult result, Kind kind) {
        ProbeFailure failure = ProbeFailure.ofWsl(result);

        assertThat(failure.kind()).as(what).isEqualTo(kind);
        assertThat(failure.toString()).doesNotContain("\r", "\n");
        assertThat(failure.toString()).contains("; ");
    }

    static Stream<String> names() throws IOException {
        try (InputStream file = ProbeFailureTest.class.getResourceAsStream("/wsl/error-names.txt")) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.US_ASCII)
                    .lines().toList().stream();
        }
    }

    /** All that WSL knows (microsoft/WSL 3e27a6a5, wslutil.cpp). */
    @ParameterizedTest
    @MethodSource("names")
    void everyErrorOfWslIsToldByItsName(String name) {
        ProbeFailure failure = ProbeFailure.ofWsl(
                wsl("Das hat nicht funktioniert.\r\nFehlercode: Wsl/Service/CreateInstance/" + name + "\r\n"));

        assertThat(failure.kind() == Kind.NO_DISTRIBUTION).isEqualTo(name.equals("WSL_E_DEFAULT_DISTRO_NOT_FOUND"));
        assertThat(failure.detail()).contains(name);
        if (failure.kind() == Kind.FAILED) {
            assertThat(failure.brief()).isEqualTo("wsl.exe failed with " + name);
            assertThat(failure.advice().orElseThrow()).contains("wsl -l -v");
        }
    }

    private static CommandResult wsl(String message) {
        return ended(-1, Samples.utf16(message));
    }
}
