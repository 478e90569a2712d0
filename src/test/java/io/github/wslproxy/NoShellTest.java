package io.github.wslproxy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Programs are started with a list of words; what is given to a shell is a text of the program itself. */
class NoShellTest {
    private static final String ROOT = "io.github.wslproxy";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @Test
    void processesAreStartedInOneRoomAndNeverFromOneString() {
        noClasses()
                .should()
                .callMethod(Runtime.class, "exec", String.class)
                .orShould()
                .callMethod(Runtime.class, "exec", String[].class)
                .orShould()
                .callMethod(Runtime.class, "exec", String.class, String[].class)
                .orShould()
                .callMethod(Runtime.class, "exec", String[].class, String[].class)
                .orShould()
                .callMethod(Runtime.class, "exec", String.class, String[].class, java.io.File.class)
                .orShould()
                .callMethod(Runtime.class, "exec", String[].class, String[].class, java.io.File.class)
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".os..")
                .should()
                .callConstructor(ProcessBuilder.class, List.class)
                .orShould()
                .callConstructor(ProcessBuilder.class, String[].class)
                .check(CLASSES);
    }

    /**
     * The shell of the VM gets constants, that of Windows is never started; demo writes a command into a file of its
     * own.
     */
    @Test
    void whatAShellIsGivenIsAConstant() throws IOException {
        Pattern shell = Pattern.compile("\"(?:/bin/)?sh\", ?\"-c\", ?([^)\\n]*)");
        List<String> given = new ArrayList<>();
        for (Path file : sources()) {
            String text = Files.readString(file).replaceAll("\\s+", " ");
            assertThat(text).as(file.toString()).doesNotContain("\"cmd\"", "\"cmd.exe\"", "\"/c\"", "ComSpec");
            Matcher found = shell.matcher(text);
            while (found.find()) {
                given.add(found.group(1).strip());
            }
        }
        assertThat(given).containsExactlyInAnyOrder("GuestScript.text(withSockets", "\"sleep \" + STAY.toSeconds(");
    }

    private static List<Path> sources() throws IOException {
        try (var files = Files.walk(Path.of("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
