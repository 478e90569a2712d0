New-Item -ItemType Directory -Force (Split-Path $PROFILE)
wslproxy completion powershell | Add-Content $PROFILE
Set-ExecutionPolicy RemoteSigned -Scope CurrentUser
