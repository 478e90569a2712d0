package io.github.wslproxy.config;

import static io.github.wslproxy.config.ConfigText.ONE;
import static io.github.wslproxy.config.ConfigText.parse;
import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.Access.ListOrigin;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.ProxyProtocol;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwardParserTest {
    @Test
    void theRealClientIsToldByDefaultWhereTcpIsForwarded() throws ConfigException {
        List<Forward> forwards = parse("""
                        [defaults]
                        proxy_protocol = "v2"
                        [[forward]]
                        port = 1
                        [[forward]]
                        port = 2
                        proxy_protocol = "v1"
                        [[forward]]
                        port = 3
                        protocol = "tcp+udp"
                        [[forward]]
                        port = 4
                        protocol = "tcp+udp"
                        proxy_protocol = "off"
                        [[forward]]
                        port = 5
                        protocol = "udp"
                        """).forwards();

        assertThat(forwards)
                .extracting(Forward::proxyProtocol)
                .containsExactly(
                        ProxyProtocol.V2, ProxyProtocol.V1, ProxyProtocol.V2, ProxyProtocol.OFF, ProxyProtocol.V2);
    }

    @Test
    void eachListKnowsWhereItStandsSoThatARefusalCanNameIt() throws ConfigException {
        Settings settings = parse("""
                [defaults]
                deny = ["192.168.1.66", "192.168.1.67", "192.168.1.68", "192.168.1.69"]
                [auto]
                ports = ["5173"]
                allow = ["private", "8.8.8.8"]
                [[forward]]
                port = 80
                [[forward]]
                port = 81
                deny = [
                  "10.0.0.1",
                ]
                """);

        ListOrigin ofDefaults =
                new ListOrigin("[\"192.168.1.66\", \"192.168.1.67\", \"192.168.1.68\", ...]", "[defaults]", "t:2");
        ListOrigin builtIn = new ListOrigin("[\"private\"]", "", "");
        Access auto = settings.auto().orElseThrow().access();
        assertThat(auto.allowOrigin()).isEqualTo(new ListOrigin("[\"private\", \"8.8.8.8\"]", "[auto]", "t:5"));
        assertThat(auto.denyOrigin()).isEqualTo(ofDefaults);
        Access first = settings.forwards().get(0).access();
        assertThat(first.allowOrigin()).isEqualTo(builtIn);
        assertThat(first.denyOrigin()).isEqualTo(ofDefaults);
        Access second = settings.forwards().get(1).access();
        assertThat(second.denyOrigin()).isEqualTo(new ListOrigin("[\"10.0.0.1\"]", "", "t:10"));
        assertThat(settings.defaults().narrowed(List.of("10.0.0.0/8")).allowOrigin())
                .isEqualTo(new ListOrigin("[\"10.0.0.0/8\"]", "wslproxy share", ""));
    }

    @Test
    void forwardWinsOverDefaults() throws ConfigException {
        List<Forward> forwards = parse("""
                        [defaults]
                        allow = ["loopback"]
                        deny = ["127.0.0.3"]
                        idle_timeout = "1h"
                        max_connections = 7
                        [[forward]]
                        port = 1
                        [[forward]]
                        port = 2
                        allow = ["192.168.0.0/16"]
                        idle_timeout = "1m"
                        """).forwards();

        assertThat(forwards)
                .extracting(forward -> forward.timeouts().idle().toMinutes())
                .containsExactly(60L, 1L);
        assertThat(forwards)
                .extracting(forward -> forward.limits().connections())
                .containsExactly(7, 7);
        assertThat(forwards.get(0).access().permits(ip("127.0.0.1"))).isTrue();
        assertThat(forwards.get(1).access().permits(ip("127.0.0.1"))).isFalse();
        assertThat(forwards.get(1).access().deny()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "10.255.0.1, true",
        "172.16.0.1, true",
        "172.32.0.1, false",
        "192.168.255.255, true",
        "192.169.0.1, false",
        "169.254.1.1, true",
        "127.255.0.1, true",
        "8.8.8.8, false",
        "100.64.0.1, false",
        "::1, true",
        "fd12:3456::1, true",
        "fe80::1, true",
        "2001:db8::1, false",
        "::ffff:192.168.1.1, true",
        "::ffff:8.8.8.8, false",
        "fec0::1, false"
    })
    void privateIsTheDefaultAccess(String client, boolean permitted) throws ConfigException {
        assertThat(parse(ONE).forwards().get(0).access().permits(ip(client))).isEqualTo(permitted);
    }

    @Test
    void mappedBlockIsIpv4() throws ConfigException {
        Settings settings = parse(ONE + "allow = [\"::ffff:10.0.0.0/104\", \"::ffff:192.168.1.1\"]\n");

        assertThat(settings.forwards().get(0).access().allow()).hasToString("[10.0.0.0/8, 192.168.1.1/32]");
    }

    @ParameterizedTest
    @CsvSource({
        "'protocol = \"udp\"\nport = 53', udp-53",
        "'protocol = \"tcp+udp\"\nport = 53', tcp+udp-53",
        "'listen = [\"127.0.0.1:80-89\", \"[::1]:90-99\"]\ntarget = \"wsl:1-10\"', tcp-80-89",
    })
    void nameIsMadeOfProtocolAndFirstPorts(String keys, String name) throws ConfigException {
        assertThat(parse("[[forward]]\n" + keys + "\n").forwards().get(0).name())
                .isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({
        "wsl:1, wsl:1",
        "WSL:65535, wsl:65535",
        "wsl:80-80, wsl:80",
        "host_1.example.org.:1, host_1.example.org.:1",
        "[::ffff:10.0.0.1]:1, 10.0.0.1:1",
        "[2001:db8::1]:1, [2001:db8::1]:1",
        "wsl.localdomain:1, wsl.localdomain:1"
    })
    void targetIsWslOrAnAddressOrAName(String target, String read) throws ConfigException {
        assertThat(parse(ONE + "target = \"" + target + "\"\n")
                        .forwards()
                        .get(0)
                        .target())
                .hasToString(read);
    }

    @Test
    void theWindowsSideOfWslCanBeListenedOn() throws ConfigException {
        String text = """
                [[forward]]
                protocol = "tcp+udp"
                listen = ["WSL:5432-5433", "127.0.0.2:5432-5433"]
                target = "127.0.0.1:5432-5433"
                """;

        assertThat(parse(text).forwards())
                .singleElement()
                .satisfies(forward -> assertThat(forward.name()).isEqualTo("tcp+udp-5432-5433"))
                .satisfies(forward -> assertThat(forward.listens())
                        .map(Endpoint::toString)
                        .containsExactly("wsl:5432-5433", "127.0.0.2:5432-5433"));
    }

    @Test
    void whatListingsPrintMayStandInTheFile() throws ConfigException {
        Forward forward =
                parse("[[forward]]\nlisten = \"*:8000-8010\"\n").forwards().get(0);

        assertThat(forward)
                .isEqualTo(
                        parse("[[forward]]\nport = \"8000-8010\"\n").forwards().get(0));
        assertThat(forward.listens()).hasToString("[*:8000-8010]");
        assertThat(forward.target()).hasToString("wsl:8000-8010");
        assertThat(forward.name()).isEqualTo("tcp-8000-8010");
    }

    @Test
    void aForwardThatIsSwitchedOffIsInNobodysWay() throws ConfigException {
        Settings settings = parse("""
                [[forward]]
                name = "one"
                port = 80
                [[forward]]
                name = "off"
                enabled = false
                port = 80
                [[forward]]
                name = "off"
                enabled = false
                port = "1-60000"
                target = "localhost:1-60000"
                """);

        assertThat(settings.forwards()).map(Forward::name).containsExactly("one");
        assertThat(settings.switchedOff()).containsExactly("off", "off");
        assertThat(parse("[[forward]]\nenabled = false\nport = 80\n").forwards())
                .isEmpty();
    }
}
