Set-NetFirewallProfile -Profile Private -AllowInboundRules True
Set-NetFirewallProfile -Profile Domain,Private -AllowInboundRules True
Set-NetConnectionProfile -InterfaceAlias 'Wi-Fi' -NetworkCategory Private
Set-NetConnectionProfile -InterfaceAlias 'Pat''s `[x`] `*`? $HOME ``n "q" & b; c' -NetworkCategory Private
Set-NetConnectionProfile -InterfaceAlias "J$([char]0xf6)rg$([char]0x2019)s ``[x``] ``*``? `$HOME ````n `"q`" & b; c" -NetworkCategory Private
