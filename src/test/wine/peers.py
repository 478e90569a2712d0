"""The peers of WineCasesIT, which ask of a forwarder what its users do.

peers.py serve          in the VM: servers on the ports below; says "ready"
peers.py CASE HOST      on the LAN: plays one case, prints nothing and ends with 0 if all is well
"""

import hashlib
import socket
import sys
import threading
import time

LATE, EARLY, STUCK, BULK, ECHO, BANNER, COUNTED = 9001, 9002, 9003, 9004, 9005, 9006, 9007
NOBODY, BLACK_HOLE = 9008, 9009
UDP_ECHO, UDP_SENDER, UDP_OTHER, UDP_NOBODY = 9101, 9102, 9103, 9104
BULK_BYTES = 24 << 20
counted = 0


def bulk():
    return bytes(range(256)) * (BULK_BYTES // 256)


def read_all(link):
    data = bytearray()
    while chunk := link.recv(65536):
        data += chunk
    return bytes(data)


# ---- servers


def answers_after_the_end(link):
    length = len(read_all(link))
    time.sleep(0.3)
    link.sendall(str(length).encode())


def ends_first(link):
    global counted
    link.sendall(b"first")
    link.shutdown(socket.SHUT_WR)
    counted = len(read_all(link))


def never_reads(link):
    time.sleep(3600)


def echoes(link):
    while chunk := link.recv(65536):
        link.sendall(chunk)


TCP = {
    LATE: answers_after_the_end,
    EARLY: ends_first,
    STUCK: never_reads,
    BULK: lambda link: link.sendall(bulk()),
    ECHO: echoes,
    BANNER: lambda link: (link.sendall(b"SSH-2.0-banner\r\n"), read_all(link)),
    COUNTED: lambda link: link.sendall(str(counted).encode()),
}


def accept(port, script):
    def play(link):
        with link:
            try:
                script(link)
            except OSError:
                pass

    with socket.create_server(("0.0.0.0", port), backlog=512) as server:
        while True:
            link, _ = server.accept()
            threading.Thread(target=play, args=(link,), daemon=True).start()


def answer_datagrams(port, answer):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("0.0.0.0", port))
        while True:
            data, client = server.recvfrom(65535)
            answer(server, data, client)


def from_another_port(server, data, client):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.sendto(b"reflected", client)
    time.sleep(0.3)
    server.sendto(b"answered", client)


UDP = {
    UDP_ECHO: lambda server, data, client: server.sendto(data, client),
    UDP_SENDER: lambda server, data, client: server.sendto(str(client[1]).encode(), client),
    UDP_OTHER: from_another_port,
}


def serve():
    for port, script in TCP.items():
        threading.Thread(target=accept, args=(port, script), daemon=True).start()
    for port, answer in UDP.items():
        threading.Thread(target=answer_datagrams, args=(port, answer), daemon=True).start()
    for port in TCP:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
    print("ready", flush=True)
    time.sleep(3600)


# ---- clients


def connect(port):
    link = socket.create_connection((HOST, port), 10)
    link.settimeout(20)
    return link


def datagrams():
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.settimeout(5)
    return client


def demand(answer, expected):
    if answer != expected:
        sys.exit(f"expected {expected!r}, got {answer!r}")


def asks_and_ends():
    with connect(LATE) as link:
        link.sendall(bytes(100_000))
        link.shutdown(socket.SHUT_WR)
        demand(read_all(link), b"100000")


def is_ended_first():
    with connect(EARLY) as link:
        demand(read_all(link), b"first")
        time.sleep(0.3)
        link.sendall(bytes(70_000))
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        with connect(COUNTED) as link:
            if read_all(link) == b"70000":
                return
    sys.exit("what was sent after the server's end did not arrive")


# Every byte, then the end: the server has ended long before a reader of 8 MiB a second has them.
def reads_slowly():
    with connect(BULK) as link:
        time.sleep(1)
        read = bytearray()
        while chunk := link.recv(65536):
            read += chunk
            time.sleep(1 / 128)
        demand((len(read), hashlib.sha256(read).digest()), (BULK_BYTES, hashlib.sha256(bulk()).digest()))


# How a stuck link ends: by a reset or an end, within the timeouts that the configuration sets (seconds).
def is_ended(link, after, within):
    began = time.monotonic()
    try:
        while link.recv(65536):
            pass
    except ConnectionResetError:
        pass
    took = time.monotonic() - began
    if not after <= took <= within:
        sys.exit(f"ended after {took:.1f} s instead of {after} to {within}")


def stays_half_closed():
    with connect(STUCK) as link:
        link.shutdown(socket.SHUT_WR)
        is_ended(link, 0.5, 6)


def sends_to_a_stuck_server():
    with connect(STUCK) as link:
        link.setblocking(False)
        quiet_since = time.monotonic()
        while time.monotonic() - quiet_since < 1:
            try:
                link.send(bytes(65536))
                quiet_since = time.monotonic()
            except BlockingIOError:
                time.sleep(0.05)
            except OSError:
                return
        link.settimeout(20)
        is_ended(link, 0, 8)


def hears_the_banner():
    with connect(BANNER) as link:
        demand(link.recv(64), b"SSH-2.0-banner\r\n")


def plays_ping_pong():
    with connect(ECHO) as link:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for turn in range(300):
            sent = bytes([turn % 256])
            link.sendall(sent)
            demand(link.recv(1), sent)


def is_refused():
    with connect(NOBODY) as link:
        is_ended(link, 0, 2)


def meets_a_black_hole():
    with connect(BLACK_HOLE) as link:
        is_ended(link, 0.5, 4)
    connect(BLACK_HOLE).close()


def scans():
    for _ in range(300):
        connect(ECHO).close()


# max_connections = 4: others are served again as soon as one has left.
def fills_the_forward():
    links = [connect(ECHO) for _ in range(4)]
    for link in links:
        link.sendall(b"in")
        demand(link.recv(2), b"in")
    with connect(ECHO) as refused:
        is_ended(refused, 0, 2)
    links[0].close()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with connect(ECHO) as link:
            try:
                link.sendall(b"again")
                if link.recv(5) == b"again":
                    demand([each.sendall(b"x") or each.recv(1) for each in links[1:]], [b"x"] * 3)
                    return
            except ConnectionError:
                time.sleep(0.1)
    sys.exit("no slot came back")


def sends_empty_datagrams():
    with datagrams() as client:
        for sent in (b"", b"", b"full", b"", bytes(65507)):
            client.sendto(sent, (HOST, UDP_ECHO))
            demand(client.recv(65535), sent)


def is_one_session():
    with datagrams() as one, datagrams() as other:
        ports = []
        for client in (one, other, one, other):
            client.sendto(b"who am I", (HOST, UDP_SENDER))
            ports.append(client.recv(64))
        demand((ports[0], ports[1]), (ports[2], ports[3]))
        demand(ports[0] == ports[1], False)


def hears_its_server_only():
    with datagrams() as client:
        client.sendto(b"hello", (HOST, UDP_OTHER))
        demand(client.recv(64), b"answered")


# max_sessions = 8: a session of more than one exchange gives way to nobody.
def floods():
    with datagrams() as first:
        for _ in range(2):
            first.sendto(b"before", (HOST, UDP_ECHO))
            demand(first.recv(64), b"before")
        for _ in range(2000):
            with datagrams() as client:
                client.sendto(b"flood", (HOST, UDP_ECHO))
        first.sendto(b"after", (HOST, UDP_ECHO))
        demand(first.recv(64), b"after")


# The client's socket stays the same while the server is not there, and hears it as soon as it is.
def waits_for_its_server():
    with datagrams() as client:
        client.settimeout(0.2)
        for _ in range(100):
            client.sendto(b"are you there", (HOST, UDP_NOBODY))
            try:
                demand(client.recv(64), b"are you there")
                return
            except TimeoutError:
                print("nobody yet", flush=True)
    sys.exit("no answer after the server had come")


CASES = {case.__name__: case for case in (
    asks_and_ends, is_ended_first, reads_slowly, stays_half_closed, sends_to_a_stuck_server, hears_the_banner,
    plays_ping_pong, is_refused, meets_a_black_hole, scans, fills_the_forward, sends_empty_datagrams, is_one_session,
    hears_its_server_only, floods, waits_for_its_server)}

if sys.argv[1] == "serve":
    serve()
elif sys.argv[1] == "late":
    answer_datagrams(UDP_NOBODY, UDP[UDP_ECHO])
else:
    HOST = sys.argv[2]
    CASES[sys.argv[1]]()
