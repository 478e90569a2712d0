package io.github.wslproxy.cli;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.testing.FakeRunner;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.windows.firewall.Firewall;
import io.github.wslproxy.windows.firewall.FirewallOutput;
import io.github.wslproxy.windows.firewall.JavaExecutables;
import io.github.wslproxy.wsl.ProbeReport;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** The whole command with a computer that is played: its firewall, its WSL and the person in front of it. */
abstract class FirewallCommandFixture {
    static final String ALL_KINDS = """
            [wsl]
            command = ["wsl.exe", "hostname", "-I"]

            [[forward]]
            name = "vite"
            port = 5173

            [[forward]]
            name = "game"
            protocol = "udp"
            port = 27015

            [[forward]]
            name = "dns"
            protocol = "tcp+udp"
            listen = ["0.0.0.0:53", "[::]:53"]
            target = "wsl:5353"

            [[forward]]
            name = "range"
            listen = "0.0.0.0:8000-8010"
            target = "wsl:8000-8010"

            [[forward]]
            name = "office"
            port = 8080
            allow = ["private", "203.0.113.0/24", "2001:db8::/32", "198.51.100.7"]

            [[forward]]
            name = "one-phone"
            port = 8081
            allow = ["192.168.7.66"]

            [[forward]]
            name = "everybody"
            port = 443
            allow = ["any"]

            [[forward]]
            name = "mine"
            listen = ["127.0.0.1:9000", "[::1]:9000"]
            target = "wsl:9000"

            [[forward]]
            name = "mine-too"
            port = 9001
            allow = ["loopback"]
            """;
    static final String VITE = """
            [wsl]
            address = "172.30.98.229"

            [[forward]]
            name = "vite"
            port = 5173
            """;
    static final String VITE_RULE = "Action=Allow|Active=TRUE|Dir=In|Protocol=6|Profile=Private|LPort=5173"
            + "|RA4=LocalSubnet|RA6=LocalSubnet|Name=wslproxy TCP 5173|EmbedCtxt=wslproxy|";
    static final String OURS = "Action=Allow|Active=TRUE|Dir=In|EmbedCtxt=wslproxy|";
    static final String PROMPT_ID =
            "TCP Query User{0E3F9D0C-8A4B-4C55-9B43-7B1C7D7E2A11}C:\\program files\\java\\bin\\javaw.exe";
    static final String PROMPT = "Action=Block|Active=TRUE|Dir=In|Protocol=6|Profile=Private"
            + "|App=C:\\program files\\java\\bin\\javaw.exe|Name=OpenJDK Platform binary|Defer=User|";
    static final JavaExecutables JAVA = new JavaExecutables(
            List.of("C:\\Program Files\\Java\\bin\\java.exe", "C:\\Program Files\\Java\\bin\\javaw.exe"), false);

    @TempDir
    Path folder;

    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();
    final FakeRunner powerShell = new FakeRunner();
    final List<String> questions = new ArrayList<>();
    boolean windows = true;
    JavaExecutables programs = JAVA;
    ProbeReport wsl =
            ProbeReport.learned(new TargetState.Up(Forwards.ip("172.30.98.229"), "it is inside the network of WSL"));
    Optional<Boolean> answer = Optional.empty();
    Optional<InetAddress> route = Optional.empty();

    int run(String toml, String... arguments) throws Exception {
        Path config = Files.writeString(folder.resolve("proxy.toml"), toml);
        List<String> all = new ArrayList<>(List.of("firewall", "--config", config.toString()));
        all.addAll(List.of(arguments));
        return Commands.line(new WslProxyCommand(), new FakeFactory())
                .setExecutionExceptionHandler(new FailurePrinter())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }

    final class FakeFactory implements IFactory {
        @Override
        public <K> K create(Class<K> kind) throws Exception {
            if (kind == FirewallCommand.class) {
                return kind.cast(new FirewallCommand(
                        new Firewall(powerShell, "C:\\WINDOWS", windows, () -> route),
                        () -> programs,
                        settings -> wsl,
                        address -> Optional.of(new AddressBlock(address, 20)),
                        question -> {
                            questions.add(question);
                            return answer;
                        }));
            }
            return CommandLine.defaultFactory().create(kind);
        }
    }

    String printed() {
        return out.toString()
                .replace(System.lineSeparator(), "\n")
                .replace(folder.resolve("proxy.toml").toString(), "proxy.toml");
    }

    String complaint() {
        return err.toString().strip();
    }

    static String golden(String name) throws Exception {
        return Files.readString(Path.of("src/test/resources/powershell", "firewall-" + name))
                .replace("\r\n", "\n");
    }

    static FirewallOutput home() {
        return new FirewallOutput().network("Wi-Fi", "Home", "Private");
    }

    /** The firewall is read, the commands are run without an error, and it is read again. */
    void applying(FirewallOutput before, FirewallOutput after) {
        powerShell.thenPrints(before.output()).thenPrints("ended 0\r\n").thenPrints(after.output());
    }

    /** What the elevated PowerShell is given. */
    static String elevated(String command) {
        Matcher encoded = Pattern.compile("-EncodedCommand ([A-Za-z0-9+/=]+)").matcher(command);
        assertThat(encoded.find()).isTrue();
        return new String(Base64.getDecoder().decode(encoded.group(1)), UTF_16LE);
    }
}
