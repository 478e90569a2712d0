package io.github.wslproxy.windows.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class AccountTest {
    private static final String SID = "S-1-5-21-1004336348-1177238915-682003330-1001";
    private static final Map<String, String> ENVIRONMENT = Map.of("USERDOMAIN", "PC", "USERNAME", "Jörg Müller");

    private final FakeTaskTools windows = new FakeTaskTools();

    private Account account() {
        return Account.of(windows.tools(), ENVIRONMENT, 4711);
    }

    private void runsWith(String user, String label) {
        windows.when("whoami", """
                "pc\\j\uFFFDrg m\uFFFDller","%s"

                "Jeder","Bekannte Gruppe","S-1-1-0","Verbindliche Gruppe, Standardm\uFFFD\uFFFDig aktiviert"
                "VORDEFINIERT\\Administratoren","Alias","S-1-5-32-544","Gruppe, die nur zum Verweigern verwendet wird"
                "NT-AUTORIT\uFFFDT\\INTERAKTIV","Bekannte Gruppe","S-1-5-4","Verbindliche Gruppe"
                "Verbindliche Beschriftung\\Stufe","Bezeichnung","%s",""
                """.formatted(user, label));
    }

    private void runsInSession(String name, int number) {
        windows.when("tasklist", "\"javaw.exe\",\"4711\",\"" + name + "\",\"" + number + "\",\"61.432 K\"\r\n");
    }

    /** No level of Windows; its number does not fit. */
    @Test
    void aLevelThatIsNoneIsNotKnown() {
        runsWith(SID, "S-1-16-99999999999");

        assertThat(account().elevated()).isEmpty();
    }

    @Test
    void aUserAtTheDesktopIsAsItShouldBe() {
        runsWith(SID, "S-1-16-8192");
        runsInSession("Console", 1);

        Account account = account();
        assertThat(account.user()).isEqualTo("PC\\Jörg Müller");
        assertThat(account.sid()).contains(SID);
        assertThat(account.id()).isEqualTo(SID);
        assertThat(account.elevated()).contains(false);
        assertThat(account.sessionZero()).contains(false);
        assertThat(account.warnings()).isEmpty();
    }

    @Test
    void anElevatedProcessIsToldByItsIntegrity() {
        runsWith(SID, "S-1-16-12288");
        runsInSession("RDP-Tcp#3", 2);

        assertThat(account().warnings())
                .singleElement()
                .extracting(Account.Warning::line)
                .asString()
                .contains("as administrator", "not elevated");
    }

    @Test
    void systemIsTheOneThatWslRefuses() {
        runsWith("S-1-5-18", "S-1-16-16384");
        runsInSession("Services", 0);

        Account account = account();
        assertThat(account.isSystem()).isTrue();
        assertThat(account.warnings())
                .singleElement()
                .extracting(Account.Warning::line)
                .asString()
                .contains("SYSTEM", "WSL_E_LOCAL_SYSTEM_NOT_SUPPORTED", "wslproxy install");
    }

    @Test
    void sessionZeroIsToldByItsNumberSinceItsNameIsLocalized() {
        runsWith(SID, "S-1-16-8192");
        runsInSession("Dienste", 0);

        assertThat(account().warnings())
                .singleElement()
                .extracting(Account.Warning::line)
                .asString()
                .contains("session 0", "wslproxy install");
    }

    @Test
    void whatIsElevatedInSessionZeroHearsOfBoth() {
        runsWith(SID, "S-1-16-12288");
        runsInSession("Services", 0);

        assertThat(account().warnings())
                .hasSize(2)
                .allMatch(warning -> warning.line().lines().count() == 1);
    }

    @Test
    void toolsThatTellNothingLeaveItOpen() {
        windows.when("whoami", "pc\\joerg\r\n").when("tasklist", "INFO: No tasks are running.\r\n");

        Account account = account();
        assertThat(account.sid()).isEmpty();
        assertThat(account.id()).isEqualTo("PC\\Jörg Müller");
        assertThat(account.elevated()).isEmpty();
        assertThat(account.sessionZero()).isEmpty();
        assertThat(account.warnings()).isEmpty();
    }

    @Test
    void theSessionOfAnotherProcessIsNotTaken() {
        windows.when("tasklist", "\"javaw.exe\",\"47110\",\"Services\",\"0\",\"1 K\"\r\n");

        assertThat(account().sessionZero()).isEmpty();
    }
}
