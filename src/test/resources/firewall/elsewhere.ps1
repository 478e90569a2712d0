# What the forwards of proxy.toml need from the Windows firewall:
# - vite: TCP 5173 from the local subnet on private networks
# Clients of other networks, behind a router or in a VPN, need their block in allow.
#
# What the firewall has now is not known here.
# These are for Windows: run them there in PowerShell as administrator.

Remove-NetFirewallRule -Group 'wslproxy' -ErrorAction SilentlyContinue
New-NetFirewallRule -Name 'wslproxy-tcp' -DisplayName 'wslproxy TCP 5173' -Group 'wslproxy' -Direction Inbound -Action Allow -Protocol TCP -LocalPort 5173 -Profile Private -RemoteAddress LocalSubnet

# To remove the rules again, as administrator:
#   Remove-NetFirewallRule -Group 'wslproxy'
