/**
 * What every room may ask of the computer it runs on: which of the two kinds of system it is, and where the programs of
 * Windows are. Needs the JDK only.
 */
@NullMarked
package io.github.wslproxy.os;

import org.jspecify.annotations.NullMarked;
