# What the forwards of proxy.toml need from the Windows firewall:
# - vite: TCP 5173 from the local subnet on private networks
# Clients of other networks, behind a router or in a VPN, need their block in allow.
#
# Nothing needs doing: the rules that these forwards need are there, and no other of wslproxy.
# NOT KNOWN: whether a rule of another program blocks these clients or lets them in already; such rules are not read.

# To remove the rules again, as administrator:
#   Remove-NetFirewallRule -Group 'wslproxy'
#   if (Get-Command Get-NetFirewallHyperVRule -ErrorAction SilentlyContinue) { Get-NetFirewallHyperVRule -ErrorAction SilentlyContinue | Where-Object DisplayName -like 'wslproxy *' | Remove-NetFirewallHyperVRule }
