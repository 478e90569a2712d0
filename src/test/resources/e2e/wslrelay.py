"""wslrelay.py VM SECONDS: plays wslrelay.exe. Listens on localhost here for each TCP server of the network namespace
VM on a wildcard or a loopback address, and connects clients to localhost there. Looks every SECONDS who listens."""
import ctypes
import os
import socket
import sys
import threading
import time

CLONE_NEWNET = 0x40000000
libc = ctypes.CDLL(None, use_errno=True)
here = os.open("/proc/self/ns/net", os.O_RDONLY)
there = os.open("/run/netns/" + sys.argv[1], os.O_RDONLY)
LOCALHOST = {socket.AF_INET: "127.0.0.1", socket.AF_INET6: "::1"}
HEARD = {
    "tcp": (socket.AF_INET, {"00000000", "0100007F"}),
    "tcp6": (socket.AF_INET6, {"0" * 32, "0" * 24 + "01000000"}),
}


def in_vm(action):
    """Runs it on this thread, in the namespace of the VM; what it opens stays there."""
    if libc.setns(there, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")
    try:
        return action()
    finally:
        libc.setns(here, CLONE_NEWNET)


def servers():
    found = set()
    for table, (family, addresses) in HEARD.items():
        with open("/proc/thread-self/net/" + table) as lines:
            for words in (line.split() for line in list(lines)[1:]):
                address, port = words[1].rsplit(":", 1)
                if words[3] == "0A" and address in addresses:
                    found.add((family, int(port, 16)))
    return found


def pump(source, sink):
    """Ends with a clean end, whatever has happened."""
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass
    try:
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def relay(client, family, port):
    try:
        server = in_vm(lambda: socket.create_connection((LOCALHOST[family], port), 5))
    except OSError:
        client.close()
        return
    server.settimeout(None)
    back = threading.Thread(target=pump, args=(server, client), daemon=True)
    back.start()
    pump(client, server)
    back.join()
    server.close()
    client.close()


def accept(listener, family, port):
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=relay, args=(client, family, port), daemon=True).start()


listeners = {}
while True:
    now = in_vm(servers)
    for place in now - listeners.keys():
        listener = socket.socket(place[0], socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOCALHOST[place[0]], place[1]))
            listener.listen(100)
        except OSError as taken:
            print(place, taken, flush=True)
            listener.close()
            continue
        listeners[place] = listener
        threading.Thread(target=accept, args=(listener, *place), daemon=True).start()
    for place in listeners.keys() - now:
        gone = listeners.pop(place)
        gone.shutdown(socket.SHUT_RDWR)
        gone.close()
    time.sleep(float(sys.argv[2]))
