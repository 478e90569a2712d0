Remove-NetFirewallRule -Name 'TCP Query User{1}C:\Pat''s `[x`] `*`? $HOME ``n "q" & b; c\java.exe'
Remove-NetFirewallRule -Name "UDP Query User{1}C:\J$([char]0xf6)rg$([char]0x2019)s ``[x``] ``*``? `$HOME ````n `"q`" & b; c\java.exe"
Remove-NetFirewallRule -Name 'wslproxy-tcp' -ErrorAction SilentlyContinue
Remove-NetFirewallRule -Group 'wslproxy'
Get-NetFirewallRule -Group 'wslproxy' -ErrorAction SilentlyContinue | Remove-NetFirewallRule
Get-NetFirewallRule -Group 'wslproxy' -ErrorAction SilentlyContinue | Where-Object Name -notin 'wslproxy-tcp','wslproxy-udp','Pat''s [x] *? $HOME `n "q" & b; c',"J$([char]0xf6)rg$([char]0x2019)s [x] *? `$HOME ``n `"q`" & b; c" | Remove-NetFirewallRule
if (Get-Command Get-NetFirewallHyperVRule -ErrorAction SilentlyContinue) { Get-NetFirewallHyperVRule -ErrorAction SilentlyContinue | Where-Object DisplayName -like 'wslproxy *' | Remove-NetFirewallHyperVRule }
