package io.github.wslproxy.config;

import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.event.Level;

/**
 * What is logged, and where.
 *
 * @param file absolute; empty: the console
 */
public record LogSettings(Level level, Optional<Path> file) {}
