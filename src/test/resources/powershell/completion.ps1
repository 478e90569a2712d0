Register-ArgumentCompleter -Native -CommandName wslproxy, wslproxy.cmd, wslproxy.exe -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @{
        '' = 'init', 'check', 'page', 'status', 'urls', 'doctor', 'share', 'pause', 'resume', 'logs', 'probe', 'firewall', 'install', 'uninstall', 'start', 'stop', 'import-netsh', 'demo', 'completion', 'help', '--config', '--verbose', '--background', '--help', '--version'
        'init' = '--help', '--version', '--config', '--verbose'
        'check' = '--help', '--version', '--config', '--verbose'
        'page' = '--open', '--help', '--version', '--config', '--verbose'
        'status' = '--watch', '--json', '--help', '--version', '--config', '--verbose'
        'urls' = '--json', '--no-qr', '--help', '--version', '--config', '--verbose'
        'doctor' = '--no-qr', '--json', '--from-phone', '--for', '--help', '--version', '--config', '--verbose'
        'share' = '--for', '--allow', '--tcp', '--udp', '--list', '--stop', '--no-qr', '--help', '--version', '--config', '--verbose'
        'pause' = '--help', '--version', '--config', '--verbose'
        'resume' = '--help', '--version', '--config', '--verbose'
        'logs' = '--follow', '--lines', '--help', '--version', '--config', '--verbose'
        'probe' = '--help', '--version', '--config', '--verbose'
        'firewall' = '--apply', '--yes', '--help', '--version', '--config', '--verbose'
        'install' = '--dry-run', '--run-key', '--no-start', '--help', '--version', '--config', '--verbose'
        'uninstall' = '--help', '--version', '--config', '--verbose'
        'start' = '--help', '--version', '--config', '--verbose'
        'stop' = '--help', '--version', '--config', '--verbose'
        'import-netsh' = '--file', '--merge', '--help', '--version', '--config', '--verbose'
        'demo' = '--for', '--help', '--version', '--verbose'
        'completion' = 'bash', 'zsh', 'powershell', '--help', '--version', '--verbose'
        'help' = '--all', '--help', '--version', '--verbose'
    }
    $command = ''
    foreach ($element in $commandAst.CommandElements | Select-Object -Skip 1) {
        $text = $element.ToString()
        if ($text -ne $wordToComplete -and $text -ne '' -and $words.ContainsKey($text)) {
            $command = $text
            break
        }
    }
    $words[$command] | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
    }
}
