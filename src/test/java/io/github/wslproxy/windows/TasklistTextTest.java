package io.github.wslproxy.windows;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TasklistTextTest {
    @Test
    void theProgramIsTheFirstField() {
        assertThat(TasklistText.program("\"node.exe\",\"4321\",\"Console\",\"1\",\"45,678 K\"\r\n", 4321))
                .contains("node.exe");
        assertThat(TasklistText.program("\"Mein Server.exe\",\"4321\",\"Console\",\"1\",\"45.678 K\"\r\n", 4321))
                .contains("Mein Server.exe");
    }

    /** The answer when there is no such process, on stdout with status 0, in English, German and Spanish. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "INFO: No tasks are running which match the specified criteria.",
                "INFORMATION: Es werden keine Aufgaben mit den angegebenen Kriterien ausgeführt.",
                "INFORMACIÓN: no hay tareas ejecutándose que coincidan con los criterios especificados.",
                "",
                "\"other.exe\",\"432\",\"Console\",\"1\",\"45,678 K\""
            })
    void anythingElseNamesNoProgram(String output) {
        assertThat(TasklistText.program(output, 4321)).isEmpty();
        assertThat(TasklistText.services(output, 4321)).isEmpty();
    }

    @Test
    void servicesAreTheThirdFieldOfThree() {
        assertThat(TasklistText.services("\"svchost.exe\",\"2100\",\"BFE,mpssvc\"", 2100))
                .contains("BFE,mpssvc");
        assertThat(TasklistText.services("\"node.exe\",\"2100\",\"N/A\"", 2100)).isEmpty();
        assertThat(TasklistText.services("\"node.exe\",\"2100\",\"Nicht zutreffend\"", 2100))
                .isEmpty();
    }
}
