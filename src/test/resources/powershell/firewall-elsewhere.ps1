# What the forwards of proxy.toml need from the Windows firewall:
# - vite: TCP 5173 from the local subnet on private networks
# Clients of other networks, behind a router or in a VPN, need their block in allow.
#
# What the firewall has now is not known here.
# These are for Windows: run them there in PowerShell as administrator.
# The last command removes every other rule of the group wslproxy, whichever configuration it was made for.

Remove-NetFirewallRule -Name 'wslproxy-tcp' -ErrorAction SilentlyContinue
New-NetFirewallRule -Name 'wslproxy-tcp' -DisplayName 'wslproxy TCP 5173' -Group 'wslproxy' -Direction Inbound -Action Allow -Protocol TCP -LocalPort 5173 -Profile Private -RemoteAddress LocalSubnet
if (Get-Command Get-NetFirewallHyperVRule -ErrorAction SilentlyContinue) { Get-NetFirewallHyperVRule -ErrorAction SilentlyContinue | Where-Object DisplayName -like 'wslproxy *' | Remove-NetFirewallHyperVRule }
Get-NetFirewallRule -Group 'wslproxy' -ErrorAction SilentlyContinue | Where-Object Name -notin 'wslproxy-tcp' | Remove-NetFirewallRule

# To remove the rules again, as administrator:
#   Remove-NetFirewallRule -Group 'wslproxy'
#   if (Get-Command Get-NetFirewallHyperVRule -ErrorAction SilentlyContinue) { Get-NetFirewallHyperVRule -ErrorAction SilentlyContinue | Where-Object DisplayName -like 'wslproxy *' | Remove-NetFirewallHyperVRule }
