package io.github.wslproxy.testing;

import io.github.wslproxy.wsl.WslProbes;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** For tests whose VM is a server on loopback: what {@code [wsl] command} prints may be a loopback address. */
public final class LoopbackVm implements BeforeAllCallback, AfterAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        System.setProperty(WslProbes.VM_ON_LOOPBACK, "true");
    }

    @Override
    public void afterAll(ExtensionContext context) {
        System.clearProperty(WslProbes.VM_ON_LOOPBACK);
    }
}
