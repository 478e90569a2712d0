package io.github.wslproxy.windows.task;

import java.nio.charset.StandardCharsets;

/**
 * The task as the Task Scheduler reads it.
 *
 * <p>It differs from the defaults of its schema (win32: TaskSchd) in three: no time limit (72 hours), battery is
 * ignored (does not start, ends), priority 5 (7 is below normal, with low I/O priority). Windows itself exports the
 * elements of a trigger in this order.
 *
 * <p>The time trigger is a watchdog. With IgnoreNew it does nothing while the task runs, and starts it again within
 * five minutes when it has ended; RestartOnFailure alone does not do that for a program that ended with a status. A
 * repetition counts from the moment its trigger fires (win32: TaskSchd/repeating-a-task). If the logon trigger had it,
 * it would begin only with the next logon, and not after {@code schtasks /Run}. The time trigger fires at a time long
 * past, and repeats for ever, as it has no Duration (repetitionType). A task with an InteractiveToken runs only while
 * its user is logged on.
 *
 * <p>The working directory is the program's folder, which exists as long as the program does. In one that is missing
 * the task would not start, and nothing would say so.
 *
 * @param user SID or {@code DOMAIN\name}; the task starts when this user logs on, and runs as this user
 * @param launch what it runs
 * @param enabled whether it starts by itself
 */
public record TaskDefinition(String user, Launch launch, boolean enabled) {
    private static final String XML = """
            <?xml version="1.0" encoding="UTF-16"?>
            <Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
              <RegistrationInfo>
                <Author>wslproxy</Author>
                <Description>Relays LAN connections to WSL 2 (wslproxy). \
            Made by wslproxy install, removed by wslproxy uninstall.</Description>
                <URI>\\%s</URI>
              </RegistrationInfo>
              <Triggers>
                <TimeTrigger>
                  <Repetition>
                    <Interval>PT5M</Interval>
                    <StopAtDurationEnd>false</StopAtDurationEnd>
                  </Repetition>
                  <StartBoundary>2024-01-01T00:00:00</StartBoundary>
                  <Enabled>true</Enabled>
                </TimeTrigger>
                <LogonTrigger>
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
                <Enabled>%s</Enabled>
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

    /**
     * The task as text whose lines end in \n.
     *
     * @param name the task is registered under it
     */
    public String xml(String name) {
        return XML.formatted(
                escaped(name),
                escaped(user),
                escaped(user),
                enabled,
                escaped(launch.javaw()),
                escaped(launch.arguments()),
                escaped(launch.program()));
    }

    /** Encodes it as its declaration says, UTF-16LE after a byte order mark: schtasks refuses anything else. */
    byte[] bytes(String name) {
        return ("\uFEFF" + xml(name).replace("\n", "\r\n")).getBytes(StandardCharsets.UTF_16LE);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&apos;");
    }
}
