package io.github.wslproxy.status;

import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.status.StatusAnswer.ActionResult;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Notes what it was asked, and refuses what is about a forward {@code no}. */
public final class FakeAdminApi implements AdminApi {
    public static final String TOKEN = "0123456789abcdef0123456789abcdef";

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger looks = new AtomicInteger();
    private volatile List<ConnectionView> links = List.of(new ConnectionView(
            Protocol.TCP, "192.168.1.50:50123", "172.30.98.229:5173", Duration.ofSeconds(61), 10, 2_000));

    public List<String> asked() {
        return asked;
    }

    /** What every forward has from now on. */
    public void links(ConnectionView... open) {
        links = List.of(open);
    }

    /** How often somebody looked at the links of a forward. */
    public int looks() {
        return looks.get();
    }

    private ActionResult result(String what, String subject) {
        asked.add(what);
        return subject.equals("no")
                ? ActionResult.refused("there is no forward no")
                : ActionResult.done("did: " + what);
    }

    @Override
    public ActionResult pause(String forward) {
        return result("pause " + forward, forward);
    }

    @Override
    public ActionResult resume(String forward) {
        return result("resume " + forward, forward);
    }

    @Override
    public ActionResult share(ShareRequest request) {
        return result(request.toString(), "");
    }

    @Override
    public ActionResult stopShare(String name) {
        return result("unshare " + name, name);
    }

    @Override
    public ActionResult end(String forward, Protocol protocol, InetSocketAddress client) {
        return result("end " + forward + " " + protocol + " " + client, forward);
    }

    @Override
    public ActionResult probe() {
        return result("probe", "");
    }

    @Override
    public Optional<List<ConnectionView>> links(String forward) {
        looks.incrementAndGet();
        return forward.equals("no") ? Optional.empty() : Optional.of(links);
    }
}
