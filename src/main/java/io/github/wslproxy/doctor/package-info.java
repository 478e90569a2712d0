/**
 * Why a forward does not work: the chain from the configuration to the phone, looked at link by link. {@link
 * io.github.wslproxy.doctor.Environment} is what is asked of the computer; a {@link io.github.wslproxy.doctor.Check}
 * says what the answers mean for a part of the chain.
 *
 * <p>Start at {@link io.github.wslproxy.doctor.Doctor}.
 */
@NullMarked
package io.github.wslproxy.doctor;

import org.jspecify.annotations.NullMarked;
