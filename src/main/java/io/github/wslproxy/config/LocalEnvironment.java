package io.github.wslproxy.config;

import java.net.InetAddress;
import java.util.Set;

/** What the checks need to know of the computer the file is read on. */
interface LocalEnvironment {

    boolean isWindows();

    /** Empty if it is not known. */
    String hostName();

    /** Every address it has now, of both families. */
    Set<InetAddress> addresses();

    /** The addresses of a name; empty if there is no such name, or nobody to ask. */
    Set<InetAddress> lookup(String name);
}
