# What the forwards of proxy.toml need from the Windows firewall:
# - vite, dns, range: TCP 53,5173,8000-8010 from the local subnet on private networks
# - office: TCP 8080 from the local subnet, 203.0.113.0/24, 2001:db8::/32, 198.51.100.7 on private networks
# - one-phone: TCP 8081 from 192.168.7.66 on private networks
# - everybody: TCP 443 from every address on private networks
# - game, dns: UDP 53,27015 from the local subnet on private networks
# Clients of other networks, behind a router or in a VPN, need their block in allow.
#
# Run these in PowerShell as administrator (right-click Start, "Terminal (Admin)"), or use wslproxy firewall --apply.
# BLOCKED: the rule "OpenJDK" (UDP Query User{1}c:\users\j?rg m?ller\a & b\pat's [x]\runtime\bin\javaw.exe) blocks this Java, whatever is allowed. Windows made it when its question was dismissed.
# NOT KNOWN: whether a rule of another program blocks these clients or lets them in already; such rules are not read.

Remove-NetFirewallRule -Name "UDP Query User{1}c:\users\j$([char]0xf6)rg m$([char]0xfc)ller\a & b\pat's ``[x``]\runtime\bin\javaw.exe"
Remove-NetFirewallRule -Name 'wslproxy-tcp-java' -ErrorAction SilentlyContinue
New-NetFirewallRule -Name 'wslproxy-tcp-java' -DisplayName 'wslproxy TCP 53,5173,8000-8010' -Group 'wslproxy' -Direction Inbound -Action Allow -Protocol TCP -LocalPort 53,5173,8000-8010 -Profile Private -RemoteAddress LocalSubnet -Program "C:\Users\J$([char]0xf6)rg M$([char]0xfc)ller\a & b\Pat's [x]\runtime\bin\java.exe"
Remove-NetFirewallRule -Name 'wslproxy-tcp-javaw' -ErrorAction SilentlyContinue
New-NetFirewallRule -Name 'wslproxy-tcp-javaw' -DisplayName 'wslproxy TCP 53,5173,8000-8010' -Group 'wslproxy' -Direction Inbound -Action Allow -Protocol TCP -LocalPort 53,5173,8000-8010 -Profile Private -RemoteAddress LocalSubnet -Program "C:\Users\J$([char]0xf6)rg M$([char]0xfc)ller\a & b\Pat's [x]\runtime\bin\javaw.exe"
Remove-NetFirewallRule -Name 'wslproxy-tcp-2-java' -ErrorAction SilentlyContinue
New-NetFirewallRule -Name 'wslproxy-tcp-2-java' -DisplayName 'wslproxy TCP 8080' -Group 'wslproxy' -Direction Inbound -Action Allow -Protocol TCP -LocalPort 8080 -Profile Private -RemoteAddress LocalSubnet,'203.0.113.0/24','2001:db8::/32','198.51.100.7' -Program "C:\Users\J$([char]0xf6)rg M$([char]0xfc)ller\a & b\Pat's [x]\runtime\bin\java.exe"
Remove-NetFirewallRule -Name 'wslproxy-tcp-2-javaw' -ErrorAction SilentlyContinue
New-NetFirewallRule -Name 'wslproxy-tcp-2-javaw' -DisplayName 'wslproxy TCP 8080' -Group 'wslproxy' -Direction Inbound -Action Allow -Protocol TCP -LocalPort 8080 -Profile Private -RemoteAddress LocalSubnet,'203.0.113.0/24','2001:db8::/32','198.51.100.7' -Program "C:\Users\J$([char]0xf6)rg M$([char]0xfc)ller\a & b\Pat's [x]\runtime\bin\javaw.exe"
Remove-NetFirewallRule -Name 'wslproxy-tcp-3-java' -ErrorAction SilentlyContinue
New-NetFirewallRule -Name 'wslproxy-tcp-3-java' -DisplayName 'wslproxy TCP 8081' -Group 'wslproxy' -Direction Inbound -Action Allow -Protocol TCP -LocalPort 8081 -Profile Private -RemoteAddress '192.168.7.66' -Program "C:\Users\J$([char]0xf6)rg M$([char]0xfc)ller\a & b\Pat's [x]\runtime\bin\java.exe"
Remove-NetFirewallRule -Name 'wslproxy-tcp-3-javaw' -ErrorAction SilentlyContinue
New-NetFirewallRule -Name 'wslproxy-tcp-3-javaw' -DisplayName 'wslproxy TCP 8081' -Group 'wslproxy' -Direction Inbound -Action Allow -Protocol TCP -LocalPort 8081 -Profile Private -RemoteAddress '192.168.7.66' -Program "C:\Users\J$([char]0xf6)rg M$([char]0xfc)ller\a & b\Pat's [x]\runtime\bin\javaw.exe"
Remove-NetFirewallRule -Name 'wslproxy-tcp-4-java' -ErrorAction SilentlyContinue
New-NetFirewallRule -Name 'wslproxy-tcp-4-java' -DisplayName 'wslproxy TCP 443' -Group 'wslproxy' -Direction Inbound -Action Allow -Protocol TCP -LocalPort 443 -Profile Private -RemoteAddress Any -Program "C:\Users\J$([char]0xf6)rg M$([char]0xfc)ller\a & b\Pat's [x]\runtime\bin\java.exe"
Remove-NetFirewallRule -Name 'wslproxy-tcp-4-javaw' -ErrorAction SilentlyContinue
New-NetFirewallRule -Name 'wslproxy-tcp-4-javaw' -DisplayName 'wslproxy TCP 443' -Group 'wslproxy' -Direction Inbound -Action Allow -Protocol TCP -LocalPort 443 -Profile Private -RemoteAddress Any -Program "C:\Users\J$([char]0xf6)rg M$([char]0xfc)ller\a & b\Pat's [x]\runtime\bin\javaw.exe"
Remove-NetFirewallRule -Name 'wslproxy-udp-java' -ErrorAction SilentlyContinue
New-NetFirewallRule -Name 'wslproxy-udp-java' -DisplayName 'wslproxy UDP 53,27015' -Group 'wslproxy' -Direction Inbound -Action Allow -Protocol UDP -LocalPort 53,27015 -Profile Private -RemoteAddress LocalSubnet -Program "C:\Users\J$([char]0xf6)rg M$([char]0xfc)ller\a & b\Pat's [x]\runtime\bin\java.exe"
Remove-NetFirewallRule -Name 'wslproxy-udp-javaw' -ErrorAction SilentlyContinue
New-NetFirewallRule -Name 'wslproxy-udp-javaw' -DisplayName 'wslproxy UDP 53,27015' -Group 'wslproxy' -Direction Inbound -Action Allow -Protocol UDP -LocalPort 53,27015 -Profile Private -RemoteAddress LocalSubnet -Program "C:\Users\J$([char]0xf6)rg M$([char]0xfc)ller\a & b\Pat's [x]\runtime\bin\javaw.exe"
if (Get-Command Get-NetFirewallHyperVRule -ErrorAction SilentlyContinue) { Get-NetFirewallHyperVRule -ErrorAction SilentlyContinue | Where-Object DisplayName -like 'wslproxy *' | Remove-NetFirewallHyperVRule }

# To remove the rules again, as administrator:
#   Remove-NetFirewallRule -Group 'wslproxy'
#   if (Get-Command Get-NetFirewallHyperVRule -ErrorAction SilentlyContinue) { Get-NetFirewallHyperVRule -ErrorAction SilentlyContinue | Where-Object DisplayName -like 'wslproxy *' | Remove-NetFirewallHyperVRule }
