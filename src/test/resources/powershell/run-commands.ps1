$env:PSModulePath = "$PSHOME\Modules"
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$status = 10
try {
Remove-NetFirewallRule -Name "J$([char]0xf6)rg$([char]0x2019)s ``[x``] ``*``? `$HOME ````n `"q`" & b; c"
$status++
New-NetFirewallRule -Name 'wslproxy-tcp' -DisplayName 'wslproxy TCP 53,8000-8010,65535' -Group 'wslproxy' -Direction Inbound -Action Allow -Protocol TCP -LocalPort 53,8000-8010,65535 -Profile Private -RemoteAddress LocalSubnet
$status++
exit 0
} catch { exit $status }
