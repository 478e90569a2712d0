package io.github.wslproxy.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A computer of the test: a network namespace of its own, with the programs that run in it. Needs root. */
final class Host {
    private final String name;
    private final List<Process> programs = new ArrayList<>();

    private Host(String name) {
        this.name = name;
    }

    /** The names on the machine carry this test's process id, so that two runs at once do not meet. */
    static Host boot(String role) throws IOException, InterruptedException {
        Host host = new Host("wslproxy-" + role + "-" + ProcessHandle.current().pid());
        Shell.run("ip", "netns", "add", host.name).orFail();
        host.ip("link", "set", "lo", "up");
        return host;
    }

    String name() {
        return name;
    }

    /** Plugs a cable in: an adapter here and one at {@code other}, both up. */
    void connect(String adapter, Host other, String otherAdapter) throws IOException, InterruptedException {
        Shell.run(
                        "ip",
                        "link",
                        "add",
                        adapter,
                        "netns",
                        name,
                        "type",
                        "veth",
                        "peer",
                        "name",
                        otherAdapter,
                        "netns",
                        other.name)
                .orFail();
        ip("link", "set", adapter, "up");
        other.ip("link", "set", otherAdapter, "up");
    }

    /** Adds an adapter that leads nowhere, as Docker's bridge does; a cable to itself, since each kernel has those. */
    void bridge(String adapter, String address) throws IOException, InterruptedException {
        ip("link", "add", adapter, "type", "veth", "peer", "name", adapter + "-end");
        ip("link", "set", adapter, "up");
        ip("link", "set", adapter + "-end", "up");
        address(adapter, address);
    }

    /** An IPv6 address is usable at once: there is nobody to detect as a duplicate. */
    void address(String adapter, String address) throws IOException, InterruptedException {
        if (address.indexOf(':') >= 0) {
            ip("addr", "add", address, "dev", adapter, "nodad");
        } else {
            ip("addr", "add", address, "dev", adapter);
        }
    }

    void noAddress(String adapter) throws IOException, InterruptedException {
        ip("addr", "flush", "dev", adapter, "scope", "global");
    }

    void noAddress(String adapter, String address) throws IOException, InterruptedException {
        ip("addr", "del", address, "dev", adapter);
    }

    /** Takes an adapter out, and with it the one at the other end of its cable. */
    void unplug(String adapter) throws IOException, InterruptedException {
        ip("link", "del", adapter);
    }

    void route(String network, String gateway) throws IOException, InterruptedException {
        ip("route", "add", network, "via", gateway);
    }

    private void ip(String... arguments) throws IOException, InterruptedException {
        Shell.run(Stream.concat(Stream.of("ip", "-n", name), Stream.of(arguments))
                        .toList())
                .orFail();
    }

    /** The command line that runs something here. */
    List<String> here(String... command) {
        return Stream.concat(Stream.of("ip", "netns", "exec", name), Stream.of(command))
                .toList();
    }

    Shell.Result run(String... command) throws IOException, InterruptedException {
        return Shell.run(here(command));
    }

    /** Starts a program that runs until it is stopped; both its outputs go to {@code log}. */
    Process start(Path log, String... command) throws IOException {
        Process program = new ProcessBuilder(here(command))
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(log.toFile())
                .start();
        programs.add(program);
        return program;
    }

    /** The processes that run here, whoever started them. */
    List<Long> processes() throws IOException {
        Object here = Files.getAttribute(Path.of("/run/netns", name), "unix:ino");
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(process -> here.equals(namespace(process)))
                .toList();
    }

    private static @Nullable Object namespace(long process) {
        try {
            return Files.getAttribute(Path.of("/proc", Long.toString(process), "ns/net"), "unix:ino");
        } catch (IOException endedMeanwhile) {
            return null;
        }
    }

    /** A DNS server on port 5300 that knows {@code vm.test}, 192.0.2.7. */
    Process startDns(Path log, String... options) throws IOException {
        Stream<String> command = Stream.of(
                "dnsmasq",
                "--keep-in-foreground",
                "--no-resolv",
                "--no-hosts",
                "--conf-file=/dev/null",
                "--pid-file=",
                "--user=root",
                "--port=5300",
                "--address=/vm.test/192.0.2.7");
        return start(log, Stream.concat(command, Stream.of(options)).toArray(String[]::new));
    }

    /** As when the computer loses power. */
    void killPrograms() throws InterruptedException {
        for (Process program : programs) {
            program.destroyForcibly().waitFor();
        }
        programs.clear();
    }

    /** Ends what runs on them and takes them away. Those that were not booted are null. */
    static void removeAll(@Nullable Host... hosts) throws Exception {
        for (Host host : hosts) {
            if (host != null) {
                host.remove();
            }
        }
    }

    void remove() throws Exception {
        killPrograms();
        Shell.run("ip", "netns", "del", name).orFail();
    }
}
