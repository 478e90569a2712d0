package io.github.wslproxy.demo;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The lines around those of the moves; ProgramIT runs the demo itself. */
class DemoTest {
    @Test
    void thePhoneGetsTheUrlOfTheWebServer() {
        assertThat(Demo.introduction(Optional.of(ip("192.168.1.7")), 8080))
                .anyMatch(line -> line.endsWith("From a phone: http://192.168.1.7:8080/"));
    }

    @Test
    void withoutALanThatIsSaidInsteadOfAUrl() {
        assertThat(String.join("\n", Demo.introduction(Optional.empty(), 8080)))
                .contains("no LAN address")
                .doesNotContain("http://");
    }

    @Test
    void itHeldIfTheVmMovedAndEveryClientFollowed() {
        assertThat(Demo.verdict(2, List.of()))
                .singleElement()
                .asString()
                .startsWith("Held:")
                .contains("every move (2)");
    }

    @Test
    void withoutAMoveNothingIsClaimed() {
        assertThat(Demo.verdict(0, List.of())).singleElement().asString().contains("nothing was checked");
    }

    @Test
    void eachClientThatDidNotFollowIsALine() {
        assertThat(Demo.verdict(3, List.of("web did not follow", "game did not follow")))
                .containsExactly("Broken: web did not follow", "Broken: game did not follow");
    }
}
