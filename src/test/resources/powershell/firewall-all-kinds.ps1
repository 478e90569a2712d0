# What the forwards of proxy.toml need from the Windows firewall:
# - vite, dns, range: TCP 53,5173,8000-8010 from the local subnet on private networks
# - office: TCP 8080 from the local subnet, 203.0.113.0/24, 2001:db8::/32, 198.51.100.7 on private networks
# - one-phone: TCP 8081 from 192.168.7.66 on private networks
# - everybody: TCP 443 from every address on private networks
# - game, dns: UDP 53,27015 from the local subnet on private networks
# Clients of other networks, behind a router or in a VPN, need their block in allow.
#
# Run these in PowerShell as administrator (right-click Start, "Terminal (Admin)"), or use wslproxy firewall --apply.
# NOT KNOWN: whether a rule of another program blocks these clients or lets them in already; such rules are not read.

Remove-NetFirewallRule -Name 'wslproxy-tcp' -ErrorAction SilentlyContinue
New-NetFirewallRule -Name 'wslproxy-tcp' -DisplayName 'wslproxy TCP 53,5173,8000-8010' -Group 'wslproxy' -Direction Inbound -Action Allow -Protocol TCP -LocalPort 53,5173,8000-8010 -Profile Private -RemoteAddress LocalSubnet
Remove-NetFirewallRule -Name 'wslproxy-tcp-2' -ErrorAction SilentlyContinue
New-NetFirewallRule -Name 'wslproxy-tcp-2' -DisplayName 'wslproxy TCP 8080' -Group 'wslproxy' -Direction Inbound -Action Allow -Protocol TCP -LocalPort 8080 -Profile Private -RemoteAddress LocalSubnet,'203.0.113.0/24','2001:db8::/32','198.51.100.7'
Remove-NetFirewallRule -Name 'wslproxy-tcp-3' -ErrorAction SilentlyContinue
New-NetFirewallRule -Name 'wslproxy-tcp-3' -DisplayName 'wslproxy TCP 8081' -Group 'wslproxy' -Direction Inbound -Action Allow -Protocol TCP -LocalPort 8081 -Profile Private -RemoteAddress '192.168.7.66'
Remove-NetFirewallRule -Name 'wslproxy-tcp-4' -ErrorAction SilentlyContinue
New-NetFirewallRule -Name 'wslproxy-tcp-4' -DisplayName 'wslproxy TCP 443' -Group 'wslproxy' -Direction Inbound -Action Allow -Protocol TCP -LocalPort 443 -Profile Private -RemoteAddress Any
Remove-NetFirewallRule -Name 'wslproxy-udp' -ErrorAction SilentlyContinue
New-NetFirewallRule -Name 'wslproxy-udp' -DisplayName 'wslproxy UDP 53,27015' -Group 'wslproxy' -Direction Inbound -Action Allow -Protocol UDP -LocalPort 53,27015 -Profile Private -RemoteAddress LocalSubnet
if (Get-Command Get-NetFirewallHyperVRule -ErrorAction SilentlyContinue) { Get-NetFirewallHyperVRule -ErrorAction SilentlyContinue | Where-Object DisplayName -like 'wslproxy *' | Remove-NetFirewallHyperVRule }

# To remove the rules again, as administrator:
#   Remove-NetFirewallRule -Group 'wslproxy'
#   if (Get-Command Get-NetFirewallHyperVRule -ErrorAction SilentlyContinue) { Get-NetFirewallHyperVRule -ErrorAction SilentlyContinue | Where-Object DisplayName -like 'wslproxy *' | Remove-NetFirewallHyperVRule }
