@echo off
rem Starts wslproxy as wslproxy.cmd does, but in the background and without a window that stays. What it has to say goes
rem to its log, which "wslproxy logs" shows. A .cmd shows its own console for a moment, so the logon task does not run this
rem file but javaw.exe itself, with the command line that wslproxy.cmd has after ":run".
setlocal
set "WSLPROXY_WINDOWLESS=1"
"%~dp0wslproxy.cmd" --background %*
