/**
 * Why a forward does not work: the chain from the configuration to the phone, looked at link by link. What is asked of
 * the computer stands in {@link io.github.wslproxy.doctor.Environment}; what an answer means, in one small class for
 * each part of the chain.
 *
 * <p>Start at {@link io.github.wslproxy.doctor.Doctor}.
 */
@NullMarked
package io.github.wslproxy.doctor;

import org.jspecify.annotations.NullMarked;
