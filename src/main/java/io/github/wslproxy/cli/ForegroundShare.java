package io.github.wslproxy.cli;

import io.github.wslproxy.app.Logging;
import io.github.wslproxy.app.WslProxy;
import io.github.wslproxy.config.Settings;
import io.github.wslproxy.config.Settings.LogSettings;
import io.github.wslproxy.config.Settings.StatusSettings;
import io.github.wslproxy.status.AdminApi.ShareRequest;
import io.github.wslproxy.status.Snapshot.ForwardView;
import io.github.wslproxy.status.StatusAnswer.ActionResult;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** Shares a port through a proxy of its own, which forwards nothing else and ends with the share. */
final class ForegroundShare {
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final long PAUSE_MILLIS = 250;

    /** An attempt may take two seconds, and the first look into WSL three. */
    private static final int TRIES = 5;

    private final Settings settings;
    private final boolean verbose;

    /** @param settings whose forwards, status address and log file are left out: another run may need them */
    ForegroundShare(Settings settings, boolean verbose) {
        this.settings = new Settings(
                settings.wsl(),
                settings.limits(),
                new StatusSettings(Optional.empty()),
                new LogSettings(settings.log().level(), Optional.empty()),
                settings.defaults(),
                Optional.empty(),
                List.of());
        this.verbose = verbose;
    }

    /**
     * Returns when the share has ended, by its time or by Ctrl-C.
     *
     * @param shown gets what the proxy says of the share, and the forward, once it runs
     * @throws IOException if the port cannot be shared; the message says why
     */
    void run(ShareRequest request, BiConsumer<String, ForwardView> shown) throws Exception {
        Logging.configure(settings.log(), verbose);
        WslProxy proxy = new WslProxy(settings);
        ProcessExit.interruptOnSignal(proxy::cutOff);
        try {
            proxy.start();
            ActionResult result = begin(proxy, request);
            only(proxy).ifPresent(forward -> shown.accept(result.line(), forward));
            while (only(proxy).isPresent()) {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException enough) {
            // Ctrl-C ends the share as its time does.
        } finally {
            proxy.stop(GRACE);
        }
    }

    private static ActionResult begin(WslProxy proxy, ShareRequest request) throws IOException, InterruptedException {
        for (int tries = 0; tries < TRIES; tries++) {
            ActionResult result = proxy.actions().share(request);
            if (Thread.interrupted()) {
                throw new InterruptedException("Ctrl-C before it was shared");
            }
            if (!result.done()) {
                throw new IOException(result.line());
            }
            if (only(proxy).isPresent()) {
                return result;
            }
            // The next attempt asks for the share again, and its line says whether there is one.
        }
        throw new IOException("port " + request.port() + " could not be shared in time; please try again");
    }

    private static Optional<ForwardView> only(WslProxy proxy) {
        return proxy.snapshot().forwards().stream().findFirst();
    }
}
