package io.github.wslproxy.cli;

import io.github.wslproxy.os.SafeText;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.windows.firewall.FirewallFindings;
import io.github.wslproxy.windows.firewall.FirewallPlan;
import io.github.wslproxy.windows.firewall.FirewallRule;
import io.github.wslproxy.windows.firewall.NetworkCategory;
import io.github.wslproxy.windows.firewall.PlannedRule;
import io.github.wslproxy.windows.powershell.FirewallCommands;
import io.github.wslproxy.wsl.ProbeReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What {@code firewall} prints. All of it may be pasted into PowerShell: what is not to be run as it stands is a
 * comment.
 */
final class FirewallView {
    private final Path config;
    private final boolean here;
    private final Optional<ProbeReport> wsl;
    private final FirewallPlan plan;
    private final Optional<FirewallFindings> findings;

    /**
     * @param here whether this is the computer whose firewall it is
     * @param wsl where WSL is; empty if that was not asked
     * @param findings empty if nothing is known about the firewall
     */
    FirewallView(
            Path config,
            boolean here,
            Optional<ProbeReport> wsl,
            FirewallPlan plan,
            Optional<FirewallFindings> findings) {
        this.config = config;
        this.here = here;
        this.wsl = wsl;
        this.plan = plan;
        this.findings = findings;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        boolean done = findings.filter(FirewallFindings::isDone).isPresent();
        if (plan.rules().isEmpty()) {
            lines.add("# No firewall rule is needed: the forwards of " + config + " are for this computer only.");
            if (done) {
                return lines;
            }
            if (findings.isEmpty()) {
                lines.addAll(removal());
                return lines;
            }
        } else {
            lines.add("# What the forwards of " + config + " need from the Windows firewall:");
        }
        lines.addAll(needs());
        lines.add("#");
        lines.addAll(standing(done));
        findings.map(FirewallView::obstacles).ifPresent(lines::addAll);
        if (findings.isPresent()) {
            lines.add(
                    "# NOT KNOWN: whether a rule of another program blocks these clients or lets them in already; such"
                            + " rules are not read.");
        }
        if (!done) {
            findings.ifPresentOrElse(
                    known -> lines.addAll(stale(known)),
                    () -> lines.add("# The last command removes every other rule of the group wslproxy, whichever"
                            + " configuration it was made for."));
            lines.add("");
            lines.addAll(commands());
        }
        lines.addAll(removal());
        return lines;
    }

    private List<String> needs() {
        List<String> lines = new ArrayList<>();
        plan.rules().stream().map(PlannedRule::description).distinct().forEach(need -> lines.add("# - " + need));
        if (plan.rules().stream().anyMatch(PlannedRule::isForLocalSubnet)) {
            lines.add("# Clients of other networks, behind a router or in a VPN, need their block in allow.");
        }
        if (plan.rules().stream().anyMatch(PlannedRule::isForAnyWslNetwork)) {
            lines.add("# Where the network of WSL is, is not known now: it lies in 172.16.0.0/12 as a rule.");
        }
        lines.addAll(ofWsl());
        return lines;
    }

    /** The commands to run. */
    List<String> commands() {
        return findings.map(FirewallFindings::commands).orElseGet(plan::commands);
    }

    private List<String> removal() {
        List<String> lines = new ArrayList<>(List.of("", "# To remove the rules again, as administrator:"));
        plan.removal().stream().map(command -> "#   " + command).forEach(lines::add);
        return lines;
    }

    /** The rules that are removed or made anew, as they are now. */
    private List<String> stale(FirewallFindings known) {
        Set<String> wanted = plan.rules().stream().map(PlannedRule::name).collect(Collectors.toSet());
        return known.stale().stream()
                .map(rule -> (wanted.contains(rule.id()) ? "# REPLACED: the rule " : "# REMOVED: the rule ")
                        + rule.label() + " lets in " + rule.scope()
                        + (wanted.contains(rule.id()) ? "." : ", which these forwards do not need."))
                .toList();
    }

    private List<String> ofWsl() {
        List<String> lines = new ArrayList<>();
        wsl.filter(report -> report.state() instanceof TargetState.OnLan)
                .ifPresent(outcome -> lines.add("# " + outcome.summary() + "."));
        wsl.filter(report -> report.state().address().isEmpty())
                .ifPresent(outcome -> lines.add("# " + outcome.summary()
                        + ". In mirrored mode other rules are needed: then ask again while WSL runs."));
        return lines;
    }

    private List<String> standing(boolean done) {
        if (done) {
            return List.of(
                    "# Nothing needs doing: the rules that these forwards need are there, and no other of wslproxy.");
        }
        String how = here
                ? "# Run these in PowerShell as administrator (right-click Start, \"Terminal (Admin)\"), or use"
                        + " wslproxy firewall --apply."
                : "# These are for Windows: run them there in PowerShell as administrator.";
        if (findings.isEmpty()) {
            return List.of(
                    here
                            ? "# What the firewall has now is not known: Windows did not tell."
                            : "# What the firewall has now is not known here.",
                    how);
        }
        return List.of(how);
    }

    /** What is in the way, apart from rules that are missing, each with what to do about it. */
    static List<String> obstacles(FirewallFindings findings) {
        List<String> lines = new ArrayList<>();
        findings.dismissedPrompts()
                .forEach(rule -> lines.add("# BLOCKED: the rule " + rule.label()
                        + " blocks this Java, whatever is allowed. Windows made it when its question was dismissed."));
        findings.otherBlocks().forEach(rule -> lines.addAll(rule.isPartial() ? someBlocked(rule) : block(rule)));
        if (!findings.localRulesIgnored().isEmpty()) {
            lines.add("# NO EFFECT: on " + words(findings.localRulesIgnored())
                    + " networks a policy ignores rules that are made on this computer. Ask whoever manages it.");
        }
        if (!findings.allBlocked().isEmpty()) {
            lines.add("# NO EFFECT: on " + words(findings.allBlocked())
                    + " networks the firewall blocks everything that comes in, whatever the rules. To end that:");
            lines.add("#   " + FirewallCommands.letRulesCount(names(findings.allBlocked())));
        }
        findings.publicNetworks().forEach(network -> {
            lines.add("# PUBLIC: the network " + SafeText.ascii(network.name()) + " ("
                    + SafeText.ascii(network.adapter())
                    + ") counts as public, where these rules let nobody in. If you trust it:");
            lines.add("#   " + network.makePrivate());
        });
        return lines;
    }

    private static List<String> block(FirewallRule rule) {
        String what = "# BLOCKED: " + blocks(rule);
        return rule.ofPolicy()
                ? List.of(what + " It comes from a policy: ask whoever manages this computer.")
                : List.of(what + " If nobody needs it:", "#   " + rule.removal());
    }

    /** Somebody meant it: there is no command that undoes it. */
    private static List<String> someBlocked(FirewallRule rule) {
        return List.of("# SOME BLOCKED: " + blocks(rule));
    }

    private static String blocks(FirewallRule rule) {
        return "the rule " + rule.label() + " blocks this Java, " + rule.scope() + ", whatever is allowed.";
    }

    private static List<String> names(Set<NetworkCategory> categories) {
        return categories.stream().sorted().map(NetworkCategory::toString).toList();
    }

    private static String words(Set<NetworkCategory> categories) {
        return String.join(" and ", names(categories)).toLowerCase(Locale.ROOT);
    }
}
