package io.github.wslproxy.windows.powershell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.wslproxy.os.Programs;
import io.github.wslproxy.windows.powershell.CommandReader.Command;
import io.github.wslproxy.windows.powershell.CommandReader.Element;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Asks PowerShell itself: PowerShell 7 and Windows PowerShell 5.1, whichever are on the PATH. */
@Timeout(120)
@Tag("slow")
class PowerShellParserTest {
    /**
     * Prints {@code error FILE:LINE: MESSAGE} and, for each command, {@code command FILE NAME|-PARAMETER|ARGUMENT,...}
     * for what is in the folder. What is no constant is a question mark.
     */
    private static final String PARSE = """
            function Text($ast) {
                if ($ast -is [System.Management.Automation.Language.CommandParameterAst]) {
                    return "-$($ast.ParameterName)"
                }
                if ($ast -is [System.Management.Automation.Language.ArrayLiteralAst]) {
                    return ($ast.Elements | ForEach-Object { Text $_ }) -join ','
                }
                if ($ast -is [System.Management.Automation.Language.StringConstantExpressionAst]) { return $ast.Value }
                if ($ast -is [System.Management.Automation.Language.ConstantExpressionAst]) { return $ast.Extent.Text }
                return '?'
            }
            foreach ($file in Get-ChildItem -LiteralPath %s -Filter *.ps1) {
                $tokens = $null
                $errors = $null
                $script = [System.Management.Automation.Language.Parser]::ParseFile(
                    $file.FullName, [ref]$tokens, [ref]$errors)
                foreach ($e in $errors) {
                    [Console]::Out.WriteLine("error $($file.Name):$($e.Extent.StartLineNumber): $($e.Message)")
                }
                $isCommand = { $args[0] -is [System.Management.Automation.Language.CommandAst] }
                foreach ($command in $script.FindAll($isCommand, $true)) {
                    $elements = ($command.CommandElements | ForEach-Object { Text $_ }) -join '|'
                    [Console]::Out.WriteLine("command $($file.Name) $elements")
                }
            }
            """;

    private static List<String> shells;

    @TempDir
    private Path folder;

    @BeforeAll
    static void findShells() {
        shells = Stream.of("pwsh", "powershell")
                .flatMap(name -> Programs.ofThisComputer().find(name).stream())
                .toList();
    }

    private static void assumeAShell() {
        assumeFalse(shells.isEmpty(), "there is no PowerShell here");
    }

    @Test
    void everyFileIsReadWithoutAnErrorAndAsTheTestsReadIt() throws Exception {
        assumeAShell();
        List<String> expected = new ArrayList<>();
        for (Path file : GoldenFiles.all()) {
            String text = GoldenFiles.allCommands(file);
            Files.writeString(folder.resolve(file.getFileName()), text, StandardCharsets.US_ASCII);
            CommandReader.readAll(text)
                    .forEach(command -> expected.add("command " + file.getFileName() + " " + line(command)));
        }

        for (String shell : shells) {
            assertThat(run(shell, PARSE.formatted(Literals.text(folder.toString()))))
                    .as(shell)
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    private static String line(Command command) {
        return Stream.concat(
                        Stream.of(command.name()), command.elements().stream().map(PowerShellParserTest::text))
                .collect(Collectors.joining("|"));
    }

    private static String text(Element element) {
        if (element instanceof Element.Parameter parameter) {
            return "-" + parameter.name();
        }
        return ((Element.Argument) element)
                .values().stream().map(value -> value.orElse("?")).collect(Collectors.joining(","));
    }

    /** As it is printed, with what is left to the person as comments. */
    @Test
    void everyFileIsReadAsItIs() throws Exception {
        assumeAShell();
        for (String shell : shells) {
            for (Path in :
                    GoldenFiles.all().stream().map(Path::getParent).distinct().toList()) {
                assertThat(run(
                                shell,
                                PARSE.formatted(
                                        Literals.text(in.toAbsolutePath().toString()))))
                        .as(shell + " in " + in)
                        .isNotEmpty()
                        .noneMatch(line -> line.startsWith("error "));
            }
        }
    }

    @Test
    void aLiteralIsTheTextThatItIsMadeOf() throws Exception {
        assumeAShell();
        for (String shell : shells) {
            assertThat(run(shell, script(text -> "show " + Literals.text(text))))
                    .as(shell)
                    .containsExactlyElementsOf(shown());
        }
    }

    /** The pattern matches the text, and no other that is as long. */
    @Test
    void aPatternIsForTheTextAlone() throws Exception {
        assumeAShell();
        Function<String, String> matches = text -> "show (" + Literals.text(text) + " -like " + Literals.pattern(text)
                + ")\nshow (" + Literals.text("x".repeat(text.length())) + " -like " + Literals.pattern(text) + ")";
        for (String shell : shells) {
            assertThat(run(shell, script(matches)))
                    .as(shell)
                    .containsExactlyElementsOf(texts().stream()
                            .flatMap(text -> Stream.of("84 114 117 101", "70 97 108 115 101"))
                            .toList());
        }
    }

    private static List<String> texts() {
        return List.of(
                "C:\\Program Files\\a & b;(c)",
                "Pat's [x] *? $HOME `n \"q\" & b; c",
                "J\u00f6rg\u2019s [x] *? $HOME $(1) `n \"q\" 'p' & b; c",
                "\u201c\u201d\u201e\u2018\u2019\u201a\u201b \ud83d\ude00",
                "a`[b]",
                "* ?");
    }

    /** The numbers of their UTF-16 code units, so that no code page is in the way. */
    private static List<String> shown() {
        return texts().stream()
                .map(text -> text.chars().mapToObj(String::valueOf).collect(Collectors.joining(" ")))
                .toList();
    }

    private static String script(Function<String, String> line) {
        return "function show($text) { [Console]::Out.WriteLine("
                + "(([string]$text).ToCharArray() | ForEach-Object { [int]$_ }) -join ' ') }\n"
                + texts().stream().map(line).collect(Collectors.joining("\n")) + "\n";
    }

    private List<String> run(String shell, String script) throws IOException, InterruptedException {
        String encoded = Base64.getEncoder().encodeToString(script.getBytes(StandardCharsets.UTF_16LE));
        Path errors = Files.createTempFile(folder, "errors", ".txt");
        Process process = new ProcessBuilder(shell, "-NoProfile", "-NonInteractive", "-EncodedCommand", encoded)
                .redirectError(errors.toFile())
                .start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(() -> out + shellErrors(errors)).isZero();
        return out.lines().toList();
    }

    private static String shellErrors(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
