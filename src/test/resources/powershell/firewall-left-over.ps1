# What the forwards of proxy.toml need from the Windows firewall:
# - vite: TCP 5173 from the local subnet on private networks
# Clients of other networks, behind a router or in a VPN, need their block in allow.
#
# Run these in PowerShell as administrator (right-click Start, "Terminal (Admin)"), or use wslproxy firewall --apply.
# NOT KNOWN: whether a rule of another program blocks these clients or lets them in already; such rules are not read.
# REMOVED: the rule "wslproxy TCP 8080" (wslproxy-tcp-2) lets in TCP 8080 from every address, which these forwards do not need.
# REMOVED: the rule wslproxy-udp lets in UDP 53 from LocalSubnet, which these forwards do not need.
# REMOVED: the rule "made by hand" ({7}) lets in TCP 22 from every address, which these forwards do not need.

if (Get-Command Get-NetFirewallHyperVRule -ErrorAction SilentlyContinue) { Get-NetFirewallHyperVRule -ErrorAction SilentlyContinue | Where-Object DisplayName -like 'wslproxy *' | Remove-NetFirewallHyperVRule }
Remove-NetFirewallRule -Name 'wslproxy-tcp-2'
Remove-NetFirewallRule -Name 'wslproxy-udp'
Remove-NetFirewallRule -Name '{7}'

# To remove the rules again, as administrator:
#   Remove-NetFirewallRule -Group 'wslproxy'
#   if (Get-Command Get-NetFirewallHyperVRule -ErrorAction SilentlyContinue) { Get-NetFirewallHyperVRule -ErrorAction SilentlyContinue | Where-Object DisplayName -like 'wslproxy *' | Remove-NetFirewallHyperVRule }
