package io.github.wslproxy.wsl;

import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.os.LocalNetwork;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.wsl.ProbeFailure.Kind;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Decides which of several addresses is the VM's, and why. {@code hostname -I} inside WSL also prints the bridges of
 * Docker and k3s and the address of Tailscale, in an order its manual says not to rely on; the one that counts lies in
 * the network of an adapter of this computer.
 */
final class AddressChoice {
    /** A guest that shares the addresses of Windows answers here in every mode; {@code ::1} fails (WSL's tests). */
    private static final InetAddress LOOPBACK = IpLiteral.of("127.0.0.1");

    private static final AddressBlock DOCKER_POOLS = new AddressBlock(IpLiteral.of("172.16.0.0"), 12);
    private static final AddressBlock CARRIER_GRADE = new AddressBlock(IpLiteral.of("100.64.0.0"), 10);

    private static final Comparator<OnLink> BEST_FIRST =
            Comparator.comparing(OnLink::network, WslNetworks.NEAREST_FIRST);

    private final List<LocalNetwork> networks;
    private final NonVmAddresses notTheVm;
    private final Optional<InetAddress> inUse;
    private final List<String> rejected = new ArrayList<>();

    private record OnLink(InetAddress address, LocalNetwork network) {}

    private AddressChoice(List<LocalNetwork> networks, Optional<InetAddress> inUse) {
        this.networks = networks;
        this.notTheVm = new NonVmAddresses(networks);
        this.inUse = inUse;
    }

    /**
     * Says where the VM is, with a step for each address that was not taken.
     *
     * @param networks those of this computer
     * @param inUse where the VM was until now: it stays while nothing is better, in whatever order the addresses come
     */
    static ProbeReport of(Collection<InetAddress> seen, List<LocalNetwork> networks, Optional<InetAddress> inUse) {
        AddressChoice choice = new AddressChoice(networks, inUse);
        ProbeReport chosen = choice.choose(seen);
        return chosen.withSteps(choice.rejected.stream()
                .map(why -> ProbeReport.Step.noted("not taken", why))
                .toList());
    }

    private ProbeReport choose(Collection<InetAddress> seen) {
        List<InetAddress> usable = without(seen, this::unusable);
        List<InetAddress> foreign = without(usable, notTheVm::whyOurs);
        List<OnLink> onLink = foreign.stream().flatMap(this::onLink).toList();
        Optional<OnLink> best = onLink.stream().min(BEST_FIRST);
        if (best.isPresent()) {
            return taken(stayed(onLink, best.get()), foreign);
        }
        // A guest that shares the addresses of Windows may still have a Docker bridge of its own, which lies nowhere.
        return foreign.size() < usable.size() ? shared() : onlyOne(without(foreign, notTheVm::whyElsewhere));
    }

    private Optional<String> unusable(InetAddress address) {
        return address.isLinkLocalAddress() ? Optional.of("is link-local") : notTheVm.whyNobody(address);
    }

    /** The address in use, if it is as good as the best. */
    private OnLink stayed(List<OnLink> candidates, OnLink best) {
        return candidates.stream()
                .filter(each -> inUse.filter(each.address()::equals).isPresent())
                .filter(each -> WslNetworks.distance(each.network()) == WslNetworks.distance(best.network()))
                .filter(each -> each.address().getClass() == best.address().getClass())
                .min(BEST_FIRST)
                .orElse(best);
    }

    private Stream<OnLink> onLink(InetAddress address) {
        return networks.stream()
                .filter(network -> network.contains(address))
                .map(network -> new OnLink(address, network));
    }

    private ProbeReport taken(OnLink best, List<InetAddress> others) {
        without(others, other -> other.equals(best.address()) ? Optional.empty() : Optional.of(whyNot(other)));
        return up(best.address(), "in the network of " + best.network());
    }

    private String whyNot(InetAddress address) {
        return onLink(address)
                .findFirst()
                .map(each -> "lies in the network of " + each.network() + ", less likely that of WSL")
                .orElse("lies in no network of this computer");
    }

    private static ProbeReport shared() {
        return onLan("mirrored or virtioproxy", "all it has are addresses of this computer");
    }

    /** WSL shares the addresses of Windows; Windows reaches its ports at 127.0.0.1. */
    static ProbeReport onLan(String mode, String reason) {
        return ProbeReport.learned(new TargetState.OnLan(mode, LOOPBACK, reason));
    }

    /**
     * Takes one of several to which no adapter leads, as when the adapters cannot be read, only if nothing has to be
     * guessed.
     */
    private ProbeReport onlyOne(List<InetAddress> foreign) {
        List<InetAddress> left = without(foreign, AddressChoice::rarelyTheVm);
        List<InetAddress> version4 =
                left.stream().filter(Inet4Address.class::isInstance).toList();
        List<InetAddress> candidates = version4.isEmpty() ? left : version4;
        if (candidates.size() == 1) {
            return up(candidates.get(0), "the only one left, though in no network of this computer");
        }
        if (inUse.filter(candidates::contains).isPresent()) {
            return up(inUse.get(), "in use and still among its addresses");
        }
        without(candidates, each -> Optional.of("lies in no network of this computer"));
        return ProbeReport.failed(ProbeFailure.of(
                Kind.NO_ADDRESS,
                "none of its addresses can be the VM's",
                "no address could be chosen: " + String.join(", ", rejected)));
    }

    private static ProbeReport up(InetAddress address, String reason) {
        return ProbeReport.learned(new TargetState.Up(address, reason));
    }

    private static Optional<String> rarelyTheVm(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean firstOfItsNetwork = bytes[bytes.length - 2] == 0 && bytes[bytes.length - 1] == 1;
        if (DOCKER_POOLS.contains(address) && firstOfItsNetwork) {
            return Optional.of("looks like a bridge of Docker");
        }
        return CARRIER_GRADE.contains(address) ? Optional.of("is in 100.64.0.0/10, as Tailscale's") : Optional.empty();
    }

    private List<InetAddress> without(
            Collection<InetAddress> all, Function<InetAddress, Optional<String>> whyRejected) {
        List<InetAddress> kept = new ArrayList<>();
        for (InetAddress address : all) {
            whyRejected
                    .apply(address)
                    .ifPresentOrElse(why -> rejected.add(IpLiteral.text(address) + " " + why), () -> kept.add(address));
        }
        return kept;
    }
}
