# Prints what the firewall is set to, a line for each thing: its kind and its fields, percent-encoded, so that the output
# is ASCII whatever the code page. "end" says that it is whole. Needs no administrator.
# The rules are read where the service keeps them ([MS-GPFAS] 2.2.2.19): that takes milliseconds, the cmdlets take up to
# half a minute. Calls no .NET method but of core types, since others are refused where applications are locked down.
# Modules come from Windows alone, not from a folder of the user.
$env:PSModulePath = "$PSHOME\Modules"
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
function Say { @($args | ForEach-Object { [uri]::EscapeDataString("$_") }) -join ' ' }
# Only rules that wslproxy has made, and those for a Java.
function SayRules($from, $key) {
    foreach ($rule in (Get-ItemProperty -LiteralPath $key).PSObject.Properties) {
        $text = "$($rule.Value)"
        $meant = $rule.Name -like 'wslproxy-*' -or $text -like '*|EmbedCtxt=wslproxy|*' -or
            $text -like '*|App=*\java.exe|*' -or $text -like '*|App=*\javaw.exe|*'
        if ($meant -and $text -like 'v*|Active=TRUE|*' -and $text -like '*|Dir=In|*') { Say 'rule' $from $rule.Name $text }
    }
}
$local = 'HKLM:\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy'
$policy = 'HKLM:\SOFTWARE\Policies\Microsoft\WindowsFirewall'
SayRules 'local' "$local\FirewallRules"
foreach ($key in "$policy\FirewallRules", "$local\Mdm\FirewallRules") {
    if (Test-Path -LiteralPath $key) { SayRules 'policy' $key }
}
foreach ($set in Get-NetFirewallProfile -PolicyStore ActiveStore) {
    Say 'profile' $set.Name $set.Enabled $set.DefaultInboundAction $set.AllowInboundRules $set.AllowLocalFirewallRules
}
foreach ($network in Get-NetConnectionProfile) {
    Say 'network' $network.InterfaceAlias $network.Name $network.NetworkCategory
}
# Only says by which network a client comes; without it each of them counts.
try {
    foreach ($ip in Get-NetIPAddress) { Say 'address' $ip.InterfaceAlias $ip.IPAddress }
} catch { }
Say 'end'
