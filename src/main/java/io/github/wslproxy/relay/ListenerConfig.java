package io.github.wslproxy.relay;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.target.TargetSource;

/**
 * What a listener's socket is for. An edited configuration may give it another one for the same address.
 *
 * @param mapping where it listens, and the target port behind it
 * @param source where the target's address comes from
 */
public record ListenerConfig(Forward forward, PortMapping mapping, TargetSource source) {}
