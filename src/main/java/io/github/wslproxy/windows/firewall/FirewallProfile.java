package io.github.wslproxy.windows.firewall;

/**
 * The firewall's settings for the networks of one category, with group policy applied.
 *
 * @param enabled whether the firewall is on
 * @param blocksByDefault whether what no rule allows is blocked, as Windows is set up
 * @param allowRulesCount false: everything that comes in is blocked, whatever rules allow it ("Block all incoming
 *     connections, including those in the list of allowed apps")
 * @param localRulesCount false: a policy has every rule ignored that was made on this computer
 */
public record FirewallProfile(
        NetworkCategory category,
        boolean enabled,
        boolean blocksByDefault,
        boolean allowRulesCount,
        boolean localRulesCount) {

    boolean counts(FirewallRule rule) {
        return rule.ofPolicy() || localRulesCount;
    }
}
