package io.github.wslproxy.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.testing.FakeRunner;
import org.junit.jupiter.api.Test;

class PortOwnersTest {
    private static final String REGISTRY = """
            HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\PortProxy\\v4tov4\\tcp
                0.0.0.0/3000    REG_SZ    172.28.176.1/3000
            """;

    private final FakeWindows windows = new FakeWindows();

    private void listens(int port, long pid) {
        windows.when("netstat -ano", "  TCP    0.0.0.0:" + port + "   0.0.0.0:0   ABHÖREN   " + pid + "\r\n");
    }

    private void runs(String program, long pid) {
        windows.when(
                "tasklist /fi \"pid eq " + pid, "\"" + program + "\",\"" + pid + "\",\"Console\",\"1\",\"1 K\"\r\n");
    }

    private String tcp(int port) {
        return windows.owners().describe(Protocol.TCP, port).orElse("not known");
    }

    @Test
    void aProcessIsNamedWithTheCommandThatEndsIt() {
        listens(3000, 4321);
        runs("node.exe", 4321);

        assertThat(tcp(3000))
                .isEqualTo(
                        "TCP port 3000 is held by node.exe (pid 4321, on 0.0.0.0): end it (taskkill /f /pid 4321), or"
                                + " let the forward listen on another port");
        assertThat(windows.ran()).containsExactly("netstat -ano", "tasklist /fi \"pid eq 4321\" /fo csv /nh");
    }

    @Test
    void udpIsLookedUpAmongUdp() {
        windows.when("netstat", "  TCP  0.0.0.0:53  0.0.0.0:0  LISTENING  1\n  UDP  0.0.0.0:53  *:*   2100\n");
        runs("dns.exe", 2100);

        assertThat(windows.owners().describe(Protocol.UDP, 53)).hasValueSatisfying(text -> assertThat(text)
                .startsWith("UDP port 53 is held by dns.exe (pid 2100, on 0.0.0.0)"));
    }

    @Test
    void withoutItsNameThePidIsStillAFact() {
        listens(3000, 4321);

        assertThat(tcp(3000)).startsWith("TCP port 3000 is held by a process that is not named (pid 4321, on 0.0.0.0)");
    }

    @Test
    void aPortProxyRuleIsNamedWithTheCommandThatDeletesIt() {
        listens(3000, 2100);
        runs("svchost.exe", 2100);
        windows.when("reg query", REGISTRY);

        assertThat(tcp(3000))
                .isEqualTo("TCP port 3000 is held by a netsh portproxy rule, which svchost.exe (pid 2100, on 0.0.0.0)"
                        + " serves: v4tov4 0.0.0.0:3000 -> 172.28.176.1:3000; delete it as administrator with: netsh"
                        + " interface portproxy delete v4tov4 listenport=3000 listenaddress=0.0.0.0");
    }

    @Test
    void anotherServiceIsNamed() {
        listens(3001, 2100);
        runs("svchost.exe", 2100);
        windows.when("reg query", REGISTRY).when("tasklist /svc", "\"svchost.exe\",\"2100\",\"SharedAccess\"\r\n");

        assertThat(tcp(3001))
                .isEqualTo("TCP port 3001 is held by svchost.exe (pid 2100, on 0.0.0.0) for the service SharedAccess:"
                        + " stop what it does there, or let the forward listen on another port");
    }

    @Test
    void aRuleForThePortThatSomebodyElseHoldsIsNotBlamed() {
        listens(3000, 4321);
        runs("node.exe", 4321);
        windows.when("reg query", REGISTRY);

        assertThat(tcp(3000)).startsWith("TCP port 3000 is held by node.exe");
    }

    @Test
    void wslrelayComesWithWhatHappensNext() {
        windows.when("netstat", """
                  TCP    127.0.0.1:3000    0.0.0.0:0    LISTENING    900
                  TCP    [::1]:3000        [::]:0       LISTENING    900
                """);
        runs("wslrelay.exe", 900);

        assertThat(tcp(3000))
                .startsWith("TCP port 3000 of localhost is held by wslrelay.exe (pid 900, on 127.0.0.1 and [::1]),")
                .contains("listen on 0.0.0.0 or a LAN address")
                .endsWith("tried again and gets the port once that server has stopped");
    }

    @Test
    void besideWslrelayAnotherHolderIsTheLikelierReason() {
        windows.when("netstat", """
                  TCP    127.0.0.1:3000    0.0.0.0:0    LISTENING    900
                  TCP    0.0.0.0:3000      0.0.0.0:0    LISTENING    7777
                  TCP    192.168.1.5:3000  0.0.0.0:0    LISTENING    4321
                """);
        runs("wslrelay.exe", 900);
        runs("node.exe", 4321);

        assertThat(tcp(3000)).startsWith("TCP port 3000 is held by node.exe (pid 4321, on 192.168.1.5)");
    }

    @Test
    void itMayBeUsOurselves() {
        listens(3000, FakeWindows.OWN_PID);

        assertThat(tcp(3000)).startsWith("TCP port 3000 is held by this wslproxy itself");
    }

    @Test
    void theKernelIsNotToBeEnded() {
        listens(80, 4);
        runs("System", 4);

        assertThat(tcp(80))
                .startsWith("TCP port 80 is held by Windows itself (pid 4)")
                .doesNotContain("taskkill");
    }

    @Test
    void anExcludedRangeComesWithItsNumbersAndTheCure() {
        listens(135, 1052);
        windows.when("netsh interface ipv4 show excludedportrange protocol=tcp", "     50000       50059\r\n");

        assertThat(tcp(50005))
                .isEqualTo(
                        "TCP port 50005 is in the range 50000-50059 that Windows keeps for itself (netsh interface ipv4"
                                + " show excludedportrange protocol=tcp): let the forward listen on another port, or get it back as"
                                + " administrator with: cmd /c \"net stop winnat & netsh interface ipv4 add excludedportrange protocol=tcp"
                                + " startport=50005 numberofports=1 & net start winnat\"");
    }

    @Test
    void eachVersionAndProtocolHasRangesOfItsOwn() {
        windows.when("netsh interface ipv4 show excludedportrange protocol=tcp", "     50000       50059\r\n")
                .when("netsh interface ipv6 show excludedportrange protocol=udp", "     50100       50159\r\n");

        assertThat(windows.owners().describe(Protocol.UDP, 50005)).isEmpty();
        assertThat(windows.owners().describe(Protocol.UDP, 50105)).hasValueSatisfying(text -> assertThat(text)
                .contains("netsh interface ipv6 show excludedportrange protocol=udp"));
    }

    @Test
    void anAdministeredRangeKeepsNoProgramOut() {
        windows.when("netsh interface ipv4", "     50000       50059     *\r\n");

        assertThat(tcp(50005)).isEqualTo("not known");
    }

    @Test
    void whereNetstatIsMuteARuleForThePortIsNamed() {
        windows.when("reg query", REGISTRY);

        assertThat(tcp(3000))
                .startsWith("TCP port 3000 is claimed by a netsh portproxy rule: v4tov4 0.0.0.0:3000")
                .contains("netsh interface portproxy delete v4tov4 listenport=3000 listenaddress=0.0.0.0");
        assertThat(windows.owners().describe(Protocol.UDP, 3000)).isEmpty();
    }

    @Test
    void aRuleThatNobodyServesHoldsNoPort() {
        listens(135, 1052);
        windows.when("reg query", REGISTRY);

        assertThat(tcp(3000)).isEqualTo("not known");
    }

    @Test
    void toolsThatAnswerNothingWithStatus0LeaveItUnknown() {
        assertThat(tcp(3000)).isEqualTo("not known");
    }

    @Test
    void toolsThatFailLeaveItUnknown() {
        windows.when("netstat", new CommandResult.NotStarted("CreateProcess error=2", FakeRunner.TOOK))
                .when("netsh", new CommandResult.TimedOut("50000 50059", FakeRunner.TOOK))
                .when("reg", FakeRunner.ended(1, REGISTRY));

        assertThat(tcp(3000)).isEqualTo("not known");
        assertThat(tcp(50005)).isEqualTo("not known");
    }

    @Test
    void onOtherSystemsNothingIsRun() {
        assertThat(new PortOwners(windows.tools(), false, 1).describe(Protocol.TCP, 3000))
                .isEmpty();
        assertThat(windows.ran()).isEmpty();
    }
}
