# What the forwards of proxy.toml need from the Windows firewall:
# - dns: TCP 53 from the local subnet on private networks
# - dns: UDP 53 from the local subnet on private networks
# - vite, range: TCP 5173,8000-8010 from the local subnet on private networks, to WSL itself
# - office: TCP 8080 from the local subnet, 203.0.113.0/24, 2001:db8::/32, 198.51.100.7 on private networks, to WSL itself
# - one-phone: TCP 8081 from 192.168.7.66 on private networks, to WSL itself
# - everybody: TCP 443 from every address on private networks, to WSL itself
# - game: UDP 27015 from the local subnet on private networks, to WSL itself
# Clients of other networks, behind a router or in a VPN, need their block in allow.
# WSL shares the addresses of Windows (mirrored): its ports are on the LAN already.
#
# Run these in PowerShell as administrator (right-click Start, "Terminal (Admin)"), or use wslproxy firewall --apply.
# NOT KNOWN: whether a rule of another program blocks these clients or lets them in already; such rules are not read.

Remove-NetFirewallRule -Name 'wslproxy-tcp' -ErrorAction SilentlyContinue
New-NetFirewallRule -Name 'wslproxy-tcp' -DisplayName 'wslproxy TCP 53' -Group 'wslproxy' -Direction Inbound -Action Allow -Protocol TCP -LocalPort 53 -Profile Private -RemoteAddress LocalSubnet
Remove-NetFirewallRule -Name 'wslproxy-udp' -ErrorAction SilentlyContinue
New-NetFirewallRule -Name 'wslproxy-udp' -DisplayName 'wslproxy UDP 53' -Group 'wslproxy' -Direction Inbound -Action Allow -Protocol UDP -LocalPort 53 -Profile Private -RemoteAddress LocalSubnet
if (Get-Command Get-NetFirewallHyperVRule -ErrorAction SilentlyContinue) { Get-NetFirewallHyperVRule -ErrorAction SilentlyContinue | Where-Object DisplayName -like 'wslproxy *' | Remove-NetFirewallHyperVRule }
New-NetFirewallHyperVRule -Name 'wslproxy-tcp-to-wsl' -DisplayName 'wslproxy TCP 5173,8000-8010' -Direction Inbound -Action Allow -VMCreatorId '{40E0AC32-46A5-438A-A0B2-2B479E8F2E90}' -Protocol TCP -LocalPorts 5173,8000-8010 -Profiles Private -RemoteAddresses '10.0.0.0/8','172.16.0.0/12','192.168.0.0/16','169.254.0.0/16','fc00::/7','fe80::/10'
New-NetFirewallHyperVRule -Name 'wslproxy-tcp-to-wsl-2' -DisplayName 'wslproxy TCP 8080' -Direction Inbound -Action Allow -VMCreatorId '{40E0AC32-46A5-438A-A0B2-2B479E8F2E90}' -Protocol TCP -LocalPorts 8080 -Profiles Private -RemoteAddresses '10.0.0.0/8','172.16.0.0/12','192.168.0.0/16','169.254.0.0/16','fc00::/7','fe80::/10','203.0.113.0/24','2001:db8::/32','198.51.100.7'
New-NetFirewallHyperVRule -Name 'wslproxy-tcp-to-wsl-3' -DisplayName 'wslproxy TCP 8081' -Direction Inbound -Action Allow -VMCreatorId '{40E0AC32-46A5-438A-A0B2-2B479E8F2E90}' -Protocol TCP -LocalPorts 8081 -Profiles Private -RemoteAddresses '192.168.7.66'
New-NetFirewallHyperVRule -Name 'wslproxy-tcp-to-wsl-4' -DisplayName 'wslproxy TCP 443' -Direction Inbound -Action Allow -VMCreatorId '{40E0AC32-46A5-438A-A0B2-2B479E8F2E90}' -Protocol TCP -LocalPorts 443 -Profiles Private
New-NetFirewallHyperVRule -Name 'wslproxy-udp-to-wsl' -DisplayName 'wslproxy UDP 27015' -Direction Inbound -Action Allow -VMCreatorId '{40E0AC32-46A5-438A-A0B2-2B479E8F2E90}' -Protocol UDP -LocalPorts 27015 -Profiles Private -RemoteAddresses '10.0.0.0/8','172.16.0.0/12','192.168.0.0/16','169.254.0.0/16','fc00::/7','fe80::/10'

# To remove the rules again, as administrator:
#   Remove-NetFirewallRule -Group 'wslproxy'
#   if (Get-Command Get-NetFirewallHyperVRule -ErrorAction SilentlyContinue) { Get-NetFirewallHyperVRule -ErrorAction SilentlyContinue | Where-Object DisplayName -like 'wslproxy *' | Remove-NetFirewallHyperVRule }
