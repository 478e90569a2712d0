/**
 * How wslproxy starts when its user logs on: the task of the Task Scheduler, or else the user's Run key; and which
 * account that is.
 *
 * <p>Start at {@link io.github.wslproxy.windows.task.Autostart}. What the tools print is localized, so only exit
 * statuses, XML, SIDs, names of tasks and numbers are looked at; what they do not tell is not known rather than
 * guessed.
 */
@NullMarked
package io.github.wslproxy.windows.task;

import org.jspecify.annotations.NullMarked;
