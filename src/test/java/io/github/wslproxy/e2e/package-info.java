/** The packaged program as a separate process, with real clients and servers around it. */
package io.github.wslproxy.e2e;
