@echo off
rem Starts wslproxy as wslproxy.cmd does, but in the background and without a window that stays. A .cmd shows its own
rem console for a moment, so a logon task does not run this file but javaw.exe itself, with the command line that stands
rem at the end of wslproxy.cmd. No message is seen of a javaw.exe: try "wslproxy check" first, and name a log file in
rem proxy.toml.
setlocal
set "WSLPROXY_WINDOWLESS=1"
"%~dp0wslproxy.cmd" %*
