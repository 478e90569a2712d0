package io.github.wslproxy.windows.task;

import java.util.Optional;

/** A user whose name and folders have what goes wrong. */
final class Samples {
    static final String USER = "BÜRO-PC\\Jörg Müller";
    static final String TASK = "wslproxy-Jörg Müller";
    static final String LOCAL = "C:\\Users\\Jörg Müller\\AppData\\Local\\wslproxy";
    static final String OPTIONS = LOCAL + "\\logon.options";

    private static final String PROGRAM = "C:\\Users\\Jörg Müller\\Tools & Co's\\wslproxy-1.0";

    static final Launch LAUNCH = new Launch(
            PROGRAM,
            PROGRAM + "\\runtime\\bin\\javaw.exe",
            Optional.of("C:\\Users\\Jörg Müller\\AppData\\Roaming\\wslproxy\\proxy.toml"));

    private Samples() {}
}
