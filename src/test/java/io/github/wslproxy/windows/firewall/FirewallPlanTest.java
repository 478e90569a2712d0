package io.github.wslproxy.windows.firewall;

import static io.github.wslproxy.testing.Forwards.block;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.testing.Forwards;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FirewallPlanTest {
    private static final JavaExecutables JAVA =
            new JavaExecutables(List.of("C:\\Java\\bin\\java.exe", "C:\\Java\\bin\\javaw.exe"), false);

    private static FirewallPlan plan(Optional<String> mode, Set<NetworkCategory> inUse, Forward... forwards) {
        return FirewallPlan.of(List.of(forwards), mode, JAVA, inUse, Optional.empty());
    }

    private static FirewallPlan plan(Forward... forwards) {
        return plan(Optional.empty(), Set.of(NetworkCategory.PRIVATE), forwards);
    }

    private static Forward listeningForWsl(Forward like) {
        return new Forward(
                like.name(),
                like.protocols(),
                List.of(new Endpoint(new Host.Wsl(), PortRange.of(5432))),
                new Endpoint(new Host.Address(Forwards.ip("127.0.0.1")), PortRange.of(5432)),
                new Access(Access.PRIVATE, List.of()),
                like.timeouts(),
                like.limits(),
                like.proxyProtocol());
    }

    @Test
    void whatIsForThisComputerOnlyNeedsNoRule() {
        AddressBlock[] loopback = {block("127.0.0.0", 8), block("::1", 128)};

        assertThat(plan(
                                Forwards.tcp().listen("127.0.0.1", 80).toWsl(80).named("a"),
                                Forwards.tcp().listen("::1", 80).toWsl(80).named("b"),
                                Forwards.tcp()
                                        .listenName("localhost", 81)
                                        .toWsl(81)
                                        .named("c"),
                                Forwards.tcp()
                                        .listen("*", 82)
                                        .toWsl(82)
                                        .access(List.of(loopback), List.of())
                                        .named("d"))
                        .rules())
                .isEmpty();
    }

    @Test
    void portsOfOneScopeAreInOneRuleAndNoneTwice() {
        FirewallPlan plan = plan(
                Forwards.tcp().listen("*", 8001).toWsl(1).named("a"),
                Forwards.tcp().listen("0.0.0.0", 80).listen("::", 80).toWsl(80).named("b"),
                Forwards.tcp().listen("*", 8000).toWsl(2).named("c"));

        assertThat(plan.rules())
                .singleElement()
                .satisfies(planned ->
                        assertThat(planned.ports()).containsExactly(PortRange.of(80), new PortRange(8000, 8001)))
                .satisfies(planned -> assertThat(planned.forwards()).containsExactly("a", "b", "c"));
    }

    @Test
    void aNameOfThisComputerMayLeadToTheLan() {
        assertThat(plan(Forwards.tcp().listenName("mypc", 80).toWsl(80).named("a"))
                        .rules())
                .hasSize(1);
    }

    @Test
    void aDomainIsPrivateToo() {
        FirewallPlan plan = plan(
                Optional.empty(),
                Set.of(NetworkCategory.DOMAIN, NetworkCategory.PUBLIC),
                Forwards.tcp().listen("*", 80).toWsl(80).named("a"));

        assertThat(plan.commands().get(1)).contains(" -Profile Domain,Private ");
    }

    @Test
    void aListenerForWslIsOpenedForItsNetwork() throws Exception {
        FirewallPlan plan =
                plan(listeningForWsl(Forwards.tcp().listen("*", 80).toWsl(80).named("postgres")));

        assertThat(String.join("\n", plan.commands()) + "\n")
                .isEqualTo(Files.readString(Path.of("src/test/resources/powershell/firewall-from-wsl.ps1"))
                        .replace("\r\n", "\n"));
    }

    /** virtioproxy, consomme and WSL 1: a program of WSL itself listens on Windows. */
    @Test
    void whereWslListensOnWindowsTheRuleIsForNoProgram() {
        JavaExecutables own = new JavaExecutables(JAVA.paths(), true);
        List<Forward> forwards = List.of(
                Forwards.tcp().listen("*", 80).toWsl(80).named("guest"),
                Forwards.tcp().listen("*", 81).toWsl(80).named("ours"));

        FirewallPlan plan = FirewallPlan.of(
                forwards, Optional.of("consomme"), own, Set.of(NetworkCategory.PRIVATE), Optional.empty());

        assertThat(plan.rules())
                .extracting(PlannedRule::name)
                .containsExactlyInAnyOrder("wslproxy-tcp-shared", "wslproxy-tcp-java", "wslproxy-tcp-javaw");
        assertThat(plan.rules())
                .filteredOn(planned -> planned.name().endsWith("shared"))
                .singleElement()
                .satisfies(planned -> assertThat(planned.program()).isEmpty());
    }

    @Test
    void theRuleForTheNetworkOfWslIsKnownByItsName() {
        FirewallPlan plan =
                plan(listeningForWsl(Forwards.tcp().listen("*", 80).toWsl(80).named("postgres")));
        String rule = "Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=5432|RA4=172.30.96.0/255.255.240.0|";

        assertThat(new FirewallFindings(
                                plan, new FirewallOutput().local("x", rule).state(), JAVA)
                        .missing())
                .hasSize(1);
        assertThat(new FirewallFindings(
                                plan,
                                new FirewallOutput()
                                        .local("wslproxy-tcp-from-wsl", rule)
                                        .state(),
                                JAVA)
                        .missing())
                .isEmpty();
    }

    /** Windows makes the adapter anew at each boot, and a rule for the old one is for none. */
    @Test
    void aRuleForTheAdapterOfWslIsNotInForce() {
        FirewallPlan plan =
                plan(listeningForWsl(Forwards.tcp().listen("*", 80).toWsl(80).named("postgres")));
        String rule = "Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=5432|RA4=172.16.0.0/255.240.0.0|IF={1}|";

        assertThat(new FirewallFindings(
                                plan,
                                new FirewallOutput()
                                        .local("wslproxy-tcp-from-wsl", rule)
                                        .state(),
                                JAVA)
                        .missing())
                .hasSize(1);
    }

    @Test
    void theRuleForWslIsForItsNetworkWhereThatIsKnown() {
        Forward postgres =
                listeningForWsl(Forwards.tcp().listen("*", 80).toWsl(80).named("postgres"));
        FirewallPlan plan = FirewallPlan.of(
                List.of(postgres), Optional.empty(), JAVA, Set.of(), Optional.of(block("172.30.98.229", 20)));
        String elsewhere = "Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=5432|RA4=172.30.96.0/255.255.255.0|";

        assertThat(plan.rules()).singleElement().satisfies(planned -> {
            assertThat(planned.remote().entries()).containsExactly("172.30.96.0/20");
            assertThat(planned.isForAnyWslNetwork()).isFalse();
        });
        assertThat(new FirewallFindings(
                                plan,
                                new FirewallOutput()
                                        .local("wslproxy-tcp-from-wsl", elsewhere)
                                        .state(),
                                JAVA)
                        .missing())
                .hasSize(1);
    }
}
