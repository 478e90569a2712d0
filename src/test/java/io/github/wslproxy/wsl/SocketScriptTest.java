package io.github.wslproxy.wsl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SocketScriptTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nat\n--sockets--",
                "--commands--\n--sockets--\n",
                "nat\n--sockets--commands--\n",
                "nat\n--sockets--\n--commands--\n"
            })
    void outputThatIsNotWholeTellsNothing(String output) {
        assertThat(new SocketScript(output).sockets()).isEmpty();
    }
}
