Remove-NetFirewallRule -Name 'wslproxy-tcp-from-wsl' -ErrorAction SilentlyContinue
New-NetFirewallRule -Name 'wslproxy-tcp-from-wsl' -DisplayName 'wslproxy TCP 5432' -Group 'wslproxy' -Direction Inbound -Action Allow -Protocol TCP -LocalPort 5432 -Profile Any -RemoteAddress '172.16.0.0/12'
if (Get-Command Get-NetFirewallHyperVRule -ErrorAction SilentlyContinue) { Get-NetFirewallHyperVRule -ErrorAction SilentlyContinue | Where-Object DisplayName -like 'wslproxy *' | Remove-NetFirewallHyperVRule }
Get-NetFirewallRule -Group 'wslproxy' -ErrorAction SilentlyContinue | Where-Object Name -notin 'wslproxy-tcp-from-wsl' | Remove-NetFirewallRule
