/**
 * The archive of classes (class-data sharing, JEP 350) that halves the time of a start. It depends on the very Java and
 * the very jars, so it is not shipped: the program makes it beside itself, once.
 */
@NullMarked
package io.github.wslproxy.archive;

import org.jspecify.annotations.NullMarked;
