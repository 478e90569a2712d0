package io.github.wslproxy.doctor;

import io.github.wslproxy.config.Settings;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.os.OwnCommand;
import java.net.InetAddress;
import java.util.Optional;

/**
 * What is known before the forwards are looked at.
 *
 * @param commands of wslproxy, with the option that names this configuration
 * @param proxy its answer before the doctor connects through it
 * @param lan the address at which the LAN most likely knows this computer
 * @param lanIsMeant whether the forwards were asked for by name, so that the LAN is meant to reach them
 */
record Facts(
        Environment computer,
        Settings settings,
        OwnCommand commands,
        RunningProxy proxy,
        WslAnswers wsl,
        Optional<InetAddress> lan,
        boolean lanIsMeant) {

    /** The mode of WSL that puts the ports of a forward on the LAN without wslproxy; empty if the forward is needed. */
    Optional<String> modeThatReplaces(Forward forward) {
        boolean hasSamePorts = forward.target().host() instanceof Host.Wsl
                && forward.listens().stream().allMatch(listen -> listen.ports()
                        .equals(forward.target().ports()));
        return wsl.sharedMode().filter(mode -> hasSamePorts);
    }
}
