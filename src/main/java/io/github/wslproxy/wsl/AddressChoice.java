package io.github.wslproxy.wsl;

import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.wsl.ProbeFailure.Kind;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which of several addresses is the VM's, and why. {@code hostname -I} inside WSL also prints the bridges of Docker and
 * k3s and the address of Tailscale, in an order its manual says not to rely on; the one that counts lies in the network
 * of an adapter of this computer.
 */
final class AddressChoice {
    /** Where a guest that shares the addresses of Windows answers in every mode; {@code ::1} does not (WSL's tests). */
    private static final InetAddress LOOPBACK = IpLiteral.of("127.0.0.1");

    private static final AddressBlock DOCKER_POOLS = new AddressBlock(IpLiteral.of("172.16.0.0"), 12);
    private static final AddressBlock CARRIER_GRADE = new AddressBlock(IpLiteral.of("100.64.0.0"), 10);

    /** IPv4 before IPv6, because the NAT of WSL has only IPv4. */
    private static final Comparator<OnLink> BEST_FIRST = Comparator.<OnLink>comparingInt(
                    each -> each.network().distanceFromWsl())
            .thenComparing(each -> !(each.address() instanceof Inet4Address))
            .thenComparing(each -> each.network().prefix(), Comparator.reverseOrder());

    private final List<LocalNetwork> networks;
    private final NonVmAddresses notTheVm;
    private final Optional<InetAddress> inUse;
    private final List<Rejected> rejected = new ArrayList<>();
    private final ProbeOutcome outcome;

    /** An address that was not taken. */
    record Rejected(InetAddress address, String why) {
        @Override
        public String toString() {
            return IpLiteral.text(address) + " " + why;
        }
    }

    private record OnLink(InetAddress address, LocalNetwork network) {}

    /**
     * @param networks those of this computer
     * @param inUse where the VM was until now: it stays while nothing is better, in whatever order the addresses come
     */
    AddressChoice(Collection<InetAddress> seen, List<LocalNetwork> networks, Optional<InetAddress> inUse) {
        this.networks = networks;
        this.notTheVm = new NonVmAddresses(networks);
        this.inUse = inUse;
        this.outcome = choose(seen);
    }

    ProbeOutcome outcome() {
        return outcome;
    }

    List<ProbeStep> steps() {
        return rejected.stream()
                .map(each -> ProbeStep.noted("not taken", each.toString()))
                .toList();
    }

    private ProbeOutcome choose(Collection<InetAddress> seen) {
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

    /** The one in use, if it is as good as the best. */
    private OnLink stayed(List<OnLink> candidates, OnLink best) {
        return candidates.stream()
                .filter(each -> inUse.filter(each.address()::equals).isPresent())
                .filter(each ->
                        each.network().distanceFromWsl() == best.network().distanceFromWsl())
                .filter(each -> each.address().getClass() == best.address().getClass())
                .min(BEST_FIRST)
                .orElse(best);
    }

    private Stream<OnLink> onLink(InetAddress address) {
        return networks.stream()
                .filter(network -> network.contains(address))
                .map(network -> new OnLink(address, network));
    }

    private ProbeOutcome taken(OnLink best, List<InetAddress> others) {
        without(others, other -> other.equals(best.address()) ? Optional.empty() : Optional.of(whyNot(other)));
        return new ProbeOutcome.Found(best.address(), "in the network of " + best.network());
    }

    private String whyNot(InetAddress address) {
        return onLink(address)
                .findFirst()
                .map(each -> "lies in the network of " + each.network() + ", less likely that of WSL")
                .orElse("lies in no network of this computer");
    }

    private static ProbeOutcome shared() {
        return onLan("mirrored or virtioproxy", "all it has are addresses of this computer");
    }

    /** WSL shares the addresses of Windows; Windows reaches its ports at 127.0.0.1. */
    static ProbeOutcome onLan(String mode, String reason) {
        return new ProbeOutcome.OnLan(mode, LOOPBACK, reason);
    }

    /**
     * No adapter leads to any of them, as when the adapters cannot be read: taken only if nothing has to be guessed.
     */
    private ProbeOutcome onlyOne(List<InetAddress> foreign) {
        List<InetAddress> left = without(foreign, AddressChoice::rarelyTheVm);
        List<InetAddress> version4 =
                left.stream().filter(Inet4Address.class::isInstance).toList();
        List<InetAddress> candidates = version4.isEmpty() ? left : version4;
        if (candidates.size() == 1) {
            String reason = "the only one left, though in no network of this computer";
            return new ProbeOutcome.Found(candidates.get(0), reason);
        }
        if (inUse.filter(candidates::contains).isPresent()) {
            return new ProbeOutcome.Found(inUse.get(), "in use and still among its addresses");
        }
        without(candidates, each -> Optional.of("lies in no network of this computer"));
        return new ProbeOutcome.Failed(ProbeFailure.of(
                Kind.NO_ADDRESS, "none of its addresses can be the VM's", "no address could be chosen: " + listed()));
    }

    private static Optional<String> rarelyTheVm(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean firstOfItsNetwork = bytes[bytes.length - 2] == 0 && bytes[bytes.length - 1] == 1;
        if (DOCKER_POOLS.contains(address) && firstOfItsNetwork) {
            return Optional.of("looks like a bridge of Docker");
        }
        return CARRIER_GRADE.contains(address) ? Optional.of("is in 100.64.0.0/10, as Tailscale's") : Optional.empty();
    }

    private String listed() {
        return rejected.stream().map(Rejected::toString).collect(Collectors.joining(", "));
    }

    private List<InetAddress> without(
            Collection<InetAddress> all, Function<InetAddress, Optional<String>> whyRejected) {
        List<InetAddress> kept = new ArrayList<>();
        for (InetAddress address : all) {
            whyRejected
                    .apply(address)
                    .ifPresentOrElse(why -> rejected.add(new Rejected(address, why)), () -> kept.add(address));
        }
        return kept;
    }
}
