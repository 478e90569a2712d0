package io.github.wslproxy.windows.task;

import java.nio.charset.StandardCharsets;

/**
 * The task as the Task Scheduler reads it.
 *
 * <p>What differs from the defaults of its schema (win32: TaskSchd): no time limit (72 hours), battery is ignored (does not
 * start, ends), priority 5 (7 is below normal, with low I/O priority). The repetition without an end is a watchdog: with
 * IgnoreNew it does nothing while the task runs and starts it again within five minutes when it has ended, which
 * RestartOnFailure alone does not do for a program that ended with a status. The order of the elements in a trigger is the
 * one that Windows itself exports.
 *
 * @param user SID or {@code DOMAIN\name}; the task starts when this user logs on, and runs as this user
 * @param launch what it runs
 * @param folder the working directory, which has to exist when it starts
 */
public record TaskDefinition(String user, Launch launch, String folder) {
    private static final String XML = """
            <?xml version="1.0" encoding="UTF-16"?>
            <Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
              <RegistrationInfo>
                <Author>wslproxy</Author>
                <Description>Relays LAN connections to WSL 2 (wslproxy). Made by wslproxy install, removed by wslproxy uninstall.</Description>
                <URI>\\%s</URI>
              </RegistrationInfo>
              <Triggers>
                <LogonTrigger>
                  <Repetition>
                    <Interval>PT5M</Interval>
                    <StopAtDurationEnd>false</StopAtDurationEnd>
                  </Repetition>
                  <Enabled>true</Enabled>
                  <UserId>%s</UserId>
                  <Delay>PT10S</Delay>
                </LogonTrigger>
              </Triggers>
              <Principals>
                <Principal id="Author">
                  <UserId>%s</UserId>
                  <LogonType>InteractiveToken</LogonType>
                  <RunLevel>LeastPrivilege</RunLevel>
                </Principal>
              </Principals>
              <Settings>
                <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
                <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
                <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
                <AllowHardTerminate>true</AllowHardTerminate>
                <StartWhenAvailable>true</StartWhenAvailable>
                <RunOnlyIfNetworkAvailable>false</RunOnlyIfNetworkAvailable>
                <IdleSettings>
                  <StopOnIdleEnd>false</StopOnIdleEnd>
                  <RestartOnIdle>false</RestartOnIdle>
                </IdleSettings>
                <AllowStartOnDemand>true</AllowStartOnDemand>
                <Enabled>true</Enabled>
                <Hidden>false</Hidden>
                <RunOnlyIfIdle>false</RunOnlyIfIdle>
                <WakeToRun>false</WakeToRun>
                <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
                <Priority>5</Priority>
                <RestartOnFailure>
                  <Interval>PT1M</Interval>
                  <Count>255</Count>
                </RestartOnFailure>
              </Settings>
              <Actions Context="Author">
                <Exec>
                  <Command>%s</Command>
                  <Arguments>%s</Arguments>
                  <WorkingDirectory>%s</WorkingDirectory>
                </Exec>
              </Actions>
            </Task>
            """;

    /** For a person to read; lines end in \n. */
    public String xml() {
        return XML.formatted(
                LogonTask.NAME,
                escaped(user),
                escaped(user),
                escaped(launch.javaw()),
                escaped(launch.arguments()),
                escaped(folder));
    }

    /** UTF-16LE behind a byte order mark, as the declaration says: schtasks refuses every other mix of the two. */
    byte[] bytes() {
        return ("\uFEFF" + xml().replace("\n", "\r\n")).getBytes(StandardCharsets.UTF_16LE);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&apos;");
    }
}
