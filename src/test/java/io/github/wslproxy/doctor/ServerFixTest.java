package io.github.wslproxy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerFixTest {
    @ParameterizedTest
    @CsvSource({
        "5173, Vite, npx vite --host",
        "4200, Angular, npx ng serve --host 0.0.0.0",
        "5432, PostgreSQL, 'listen_addresses = ''*'' in postgresql.conf, then: sudo service postgresql restart'",
        "11434, Ollama, OLLAMA_HOST=0.0.0.0 ollama serve"
    })
    void aServerIsKnownByItsPort(int port, String server, String fix) {
        assertThat(ServerFix.of(port)).hasValue(new ServerFix(server, fix));
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 3000, 5000, 8000, 8080})
    void aPortOfSeveralServersTellsNothing(int port) {
        assertThat(ServerFix.of(port)).isEmpty();
    }
}
