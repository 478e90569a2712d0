/**
 * What becomes of a failure that nobody expected: a defect of this program, or a Java that cannot go on. Whoever can go on
 * without it says so and does; all others hand it to the handler of uncaught exceptions, which ends the process. Needs the
 * JDK only.
 */
@NullMarked
package io.github.wslproxy.fault;

import org.jspecify.annotations.NullMarked;
