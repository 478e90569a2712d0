Register-ArgumentCompleter -Native -CommandName wslproxy, wslproxy.cmd, wslproxy.exe -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @{
        '' = 'start', '--help'
        'start' = 'it''s', '$x', '--config'
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
