package io.github.wslproxy.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.testing.FakeRunner;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassArchiveTest {
    private final FakeRunner java = new FakeRunner();

    @TempDir
    Path folder;

    private Path program;
    private Path jar;
    private Path archive;

    @BeforeEach
    void unpack() throws IOException {
        program = folder.resolve("my tools");
        jar = Files.createDirectories(program.resolve("lib")).resolve("wslproxy.jar");
        Files.writeString(jar, "classes");
        Files.createFile(program.resolve("jvm.options"));
        archive = program.resolve("classes.jsa");
    }

    @Test
    void aSecondJavaRunsTheProgramAndArchivesItsClasses() throws Exception {
        javaMakes("an archive");

        renewWith("Java 17");

        assertThat(archive).hasContent("an archive");
        assertThat(java.ranSince())
                .containsExactly("/jdk/bin/java @" + program + "/jvm.options -XX:ArchiveClassesAtExit=" + unfinished()
                        + " -cp " + classPath() + " io.github.wslproxy.Main rehearse");
        assertThat(unfinished()).doesNotExist();
    }

    @Test
    void itIsMadeOnceForTheSameFiles() throws Exception {
        javaMakes("an archive");
        renewWith("Java 17");
        java.ranSince();

        renewWith("Java 17");

        assertThat(java.ranSince()).isEmpty();
    }

    @Test
    void itIsMadeAnewForAnotherJavaOtherJarsAndWhenItIsGone() throws Exception {
        javaMakes("an archive");
        renewWith("Java 17");
        javaMakes("another archive");

        renewWith("Java 25");
        assertThat(archive).hasContent("another archive");

        Files.setLastModifiedTime(jar, FileTime.from(Instant.EPOCH));
        renewWith("Java 25");
        Files.writeString(jar, "more classes");
        renewWith("Java 25");
        Files.delete(archive);
        renewWith("Java 25");
        assertThat(java.ranSince()).hasSize(5);
        assertThat(archive).exists();
    }

    @Test
    void anArchiveThatIsNotWholeIsMadeAnew() throws Exception {
        javaMakes("an archive");
        renewWith("Java 17");

        for (String damaged : List.of("", "an arch")) {
            Files.writeString(archive, damaged);
            renewWith("Java 17");
            assertThat(archive).hasContent("an archive");
        }
    }

    @Test
    void theNoteBeginsWithTheLengthThatTheLaunchersCompare() throws Exception {
        javaMakes("an archive");

        renewWith("Java 17");

        assertThat(Files.readAllLines(program.resolve("classes.txt")).get(0)).isEqualTo("made 10");
    }

    @Test
    void aJavaThatMakesNoneIsNotAskedAtEachStart() throws Exception {
        java.alwaysThen(command -> FakeRunner.ended(0, "base archive not loaded"));
        renewWith("Java 17");
        renewWith("Java 17");
        assertThat(java.ranSince()).hasSize(1);
        assertThat(archive).doesNotExist();

        javaMakes("an archive");
        renewWith("Java 25");
        assertThat(archive).exists();
    }

    @Test
    void theNextStartMakesWhatTheEndOfTheProgramHasInterrupted() throws Exception {
        java.alwaysThen(command -> {
            write(command, "half");
            return new CommandResult.Interrupted(Duration.ofSeconds(1));
        });
        renewWith("Java 17");
        assertThat(archive).doesNotExist();
        assertThat(unfinished()).doesNotExist();

        javaMakes("an archive");
        renewWith("Java 17");
        assertThat(archive).hasContent("an archive");
    }

    @Test
    void onlyAnUnpackedProgramHasAPlaceForIt() throws Exception {
        Path classes = Files.createDirectory(folder.resolve("classes"));

        assertThat(ProgramFiles.of(classPath())).isPresent();
        assertThat(ProgramFiles.of("")).isEmpty();
        assertThat(ProgramFiles.of("wslproxy.jar")).isEmpty();
        assertThat(ProgramFiles.of(classes.toString())).isEmpty();
        assertThat(ProgramFiles.of(classPath() + File.pathSeparator + classes)).isEmpty();
        Files.delete(program.resolve("jvm.options"));
        assertThat(ProgramFiles.of(classPath())).isEmpty();
    }

    @Test
    void whatMakersHaveLeftThatWereKilledIsRemovedAndTheWorkOfOthersIsNot() throws Exception {
        Path left = Files.createFile(program.resolve("classes.jsa." + Integer.MAX_VALUE));
        Path ofOther = Files.createFile(program.resolve(
                "classes.jsa." + ProcessHandle.current().parent().orElseThrow().pid()));
        javaMakes("an archive");

        renewWith("Java 17");

        assertThat(left).doesNotExist();
        assertThat(ofOther).exists();
    }

    @Test
    void whatDidNotEndWellIsTriedAgainAndLeavesNothing() throws Exception {
        List<CommandResult> outcomes = List.of(
                new CommandResult.TimedOut("", Duration.ofMinutes(2)),
                new CommandResult.NotStarted("no memory", Duration.ZERO),
                FakeRunner.ended(1, "the client was not served"));
        for (CommandResult outcome : outcomes) {
            java.alwaysThen(command -> {
                write(command, "half");
                return outcome;
            });
            renewWith("Java 17");
            assertThat(archive).doesNotExist();
            assertThat(unfinished()).doesNotExist();
            assertThat(java.ranSince()).hasSize(1);
        }

        javaMakes("an archive");
        renewWith("Java 17");
        assertThat(archive).hasContent("an archive");
    }

    private Path unfinished() {
        return program.resolve("classes.jsa." + ProcessHandle.current().pid());
    }

    private void renewWith(String version) throws IOException {
        ProgramFiles files = ProgramFiles.of(classPath()).orElseThrow();
        new ClassArchive(files, Path.of("/jdk/bin/java"), version, java).renew(List.of("rehearse"));
    }

    private void javaMakes(String content) {
        java.alwaysThen(command -> {
            write(command, content);
            return FakeRunner.ended(0, "");
        });
    }

    private static void write(List<String> command, String content) {
        String option = "-XX:ArchiveClassesAtExit=";
        String path = command.stream()
                .filter(word -> word.startsWith(option))
                .findFirst()
                .orElseThrow()
                .substring(option.length());
        try {
            Files.writeString(Path.of(path), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String classPath() {
        return jar.toString();
    }
}
