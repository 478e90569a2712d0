taskkill /f /pid 4321
netsh interface portproxy delete v4tov4 listenport=3000
netsh interface portproxy delete v4tov6 listenport=3000 listenaddress=0.0.0.0
netsh interface portproxy delete v6tov4 listenport=3000 listenaddress=fe80::1%eth0
netsh interface portproxy delete v6tov6 listenport=3000 listenaddress=my-pc.lan
netsh interface ipv4 show excludedportrange protocol=tcp
cmd /c "net stop winnat & netsh interface ipv6 add excludedportrange protocol=udp startport=27015 numberofports=1 & net start winnat"
