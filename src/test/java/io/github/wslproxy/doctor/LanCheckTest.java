package io.github.wslproxy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.doctor.Finding.FindingState;
import io.github.wslproxy.status.Snapshot;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanCheckTest {
    private final FakeEnvironment computer = new FakeEnvironment();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            port = 5173                                              | OK     | OK
            port = 5173\\nallow = ["192.168.1.0/24"]                  | OK     | OK
            port = 5173\\nallow = ["192.168.1.50"]                    | INFO   | INFO
            port = 5173\\nallow = ["loopback"]                        | INFO   | BROKEN
            port = 5173\\ndeny = ["192.168.0.0/16"]                   | INFO   | BROKEN
            listen = "127.0.0.1:5173"                                | INFO   | BROKEN
            listen = ["127.0.0.1:5173", "[::1]:5173"]                | INFO   | BROKEN
            listen = ["127.0.0.1:5173", "192.168.1.20:5173"]         | OK     | OK
            """)
    void whatTheForwardLetsTheLanDoIsBrokenOnlyWhereTheLanIsMeant(String keys, FindingState ofAll, FindingState named)
            throws Exception {
        computer.config = "[[forward]]\nname = \"vite\"\n" + keys.replace("\\n", "\n") + "\n";

        assertThat(computer.state(ChainLink.LAN)).isEqualTo(ofAll);
        assertThat(computer.examine(Optional.of("vite")).findings())
                .filteredOn(finding -> finding.link() == ChainLink.LAN)
                .extracting(Finding::state)
                .containsExactly(named);
    }

    @Test
    void aShareIsJudgedByItsOwnListOfClients() throws Exception {
        computer.proxy.beside =
                List.of(FakeProxy.beside("share-5174", Snapshot.Origin.SHARE, "allow lets in nobody", "8.8.8.8/32"));

        assertThat(computer.examine(Optional.of("share-5174")).findings())
                .contains(Finding.broken(
                                ChainLink.LAN,
                                "it has no LAN URL: allow lets in nobody",
                                "share the port again, with another --allow")
                        .of("share-5174"));
    }
}
