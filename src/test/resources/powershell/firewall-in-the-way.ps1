# What the forwards of proxy.toml need from the Windows firewall:
# - vite: TCP 5173 from the local subnet on domain and private networks
# Clients of other networks, behind a router or in a VPN, need their block in allow.
#
# Run these in PowerShell as administrator (right-click Start, "Terminal (Admin)"), or use wslproxy firewall --apply.
# BLOCKED: the rule "OpenJDK Platform binary" (TCP Query User{0E3F9D0C-8A4B-4C55-9B43-7B1C7D7E2A11}C:\program files\java\bin\javaw.exe) blocks this Java, whatever is allowed. Windows made it when its question was dismissed.
# BLOCKED: the rule "No dev servers" ({1}) blocks this Java, TCP 5000-6000 from every address, whatever is allowed. If nobody needs it:
#   Remove-NetFirewallRule -Name '{1}'
# BLOCKED: the rule "IT says no" ({2}) blocks this Java, TCP every port from every address, whatever is allowed. It comes from a policy: ask whoever manages this computer.
# NO EFFECT: on domain networks a policy ignores rules that are made on this computer. Ask whoever manages it.
# NO EFFECT: on domain networks the firewall blocks everything that comes in, whatever the rules. To end that:
#   Set-NetFirewallProfile -Profile Domain -AllowInboundRules True
# PUBLIC: the network Caf? [free] (Wi-Fi) counts as public, where these rules let nobody in. If you trust it:
#   Set-NetConnectionProfile -InterfaceAlias 'Wi-Fi' -NetworkCategory Private
# NOT KNOWN: whether a rule of another program blocks these clients or lets them in already; such rules are not read.

Remove-NetFirewallRule -Name 'TCP Query User{0E3F9D0C-8A4B-4C55-9B43-7B1C7D7E2A11}C:\program files\java\bin\javaw.exe'
Remove-NetFirewallRule -Name 'wslproxy-tcp' -ErrorAction SilentlyContinue
New-NetFirewallRule -Name 'wslproxy-tcp' -DisplayName 'wslproxy TCP 5173' -Group 'wslproxy' -Direction Inbound -Action Allow -Protocol TCP -LocalPort 5173 -Profile Domain,Private -RemoteAddress LocalSubnet
if (Get-Command Get-NetFirewallHyperVRule -ErrorAction SilentlyContinue) { Get-NetFirewallHyperVRule -ErrorAction SilentlyContinue | Where-Object DisplayName -like 'wslproxy *' | Remove-NetFirewallHyperVRule }

# To remove the rules again, as administrator:
#   Remove-NetFirewallRule -Group 'wslproxy'
#   if (Get-Command Get-NetFirewallHyperVRule -ErrorAction SilentlyContinue) { Get-NetFirewallHyperVRule -ErrorAction SilentlyContinue | Where-Object DisplayName -like 'wslproxy *' | Remove-NetFirewallHyperVRule }
