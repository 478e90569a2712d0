@echo off
rem Starts wslproxy as wslproxy.cmd does, but in the background and without a window that stays; what it has to say goes to
rem its log, which "wslproxy logs" shows. A .cmd shows its own console for a moment, so what "wslproxy install" makes does
rem not run this file but javaw.exe itself, with the command line that stands at the end of wslproxy.cmd.
setlocal
set "WSLPROXY_WINDOWLESS=1"
"%~dp0wslproxy.cmd" --background %*
