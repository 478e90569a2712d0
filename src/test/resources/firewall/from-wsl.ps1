Remove-NetFirewallRule -Group 'wslproxy' -ErrorAction SilentlyContinue
New-NetFirewallRule -Name 'wslproxy-tcp-from-wsl' -DisplayName 'wslproxy TCP 5432' -Group 'wslproxy' -Direction Inbound -Action Allow -Protocol TCP -LocalPort 5432 -Profile Any -InterfaceAlias 'vEthernet (WSL*' -RemoteAddress LocalSubnet
