package io.github.wslproxy.app;

import io.github.wslproxy.forward.Forward;
import java.time.Instant;

/**
 * A port that is shared for a time.
 *
 * @param forward carries it out
 */
record Share(Forward forward, Instant endsAt) {}
