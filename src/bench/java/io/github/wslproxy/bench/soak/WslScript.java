package io.github.wslproxy.bench.soak;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** The {@code [wsl] command} of the soak: a script that does what another file says, which changes while it runs. */
final class WslScript {
    private final Path file;
    private final Path answer;

    WslScript(Path folder) throws IOException {
        answer = folder.resolve("wsl.answer");
        file = Files.writeString(folder.resolve("wsl.sh"), ". '" + answer + "'\n");
    }

    Path file() {
        return file;
    }

    void answerWith(InetAddress address) throws IOException {
        now("echo " + address.getHostAddress());
    }

    /** The VM is stopped. */
    void answerNothing() throws IOException {
        now(":");
    }

    /** Not before its deadline, with a child that has to be ended too. */
    void hang() throws IOException {
        now("sleep 1000 & sleep 1000");
    }

    void answerGarbage() throws IOException {
        now("head -c 100000 /dev/urandom");
    }

    void fail() throws IOException {
        now("echo no such distribution >&2; exit 3");
    }

    private void now(String script) throws IOException {
        SoakConfig.replace(answer, script + "\n");
    }
}
