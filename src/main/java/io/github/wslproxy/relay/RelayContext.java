package io.github.wslproxy.relay;

/**
 * What all relays of a process share. Owned by whoever made it; a relay closes none of it.
 *
 * @param loops the event loops and the buffers
 * @param sweeper ends what has been idle for too long
 * @param localAddresses the addresses of this computer
 * @param loopGuard knows every listener, so that no relay connects to itself
 */
public record RelayContext(RelayLoops loops, Sweeper sweeper, LocalAddresses localAddresses, LoopGuard loopGuard) {}
