"""No TCP connection can be made, by any address family."""

import socket
import urllib.request


def attack(facts):
    loot = []
    for way in (
        lambda: socket.create_connection(("127.0.0.1", facts["tcp"]), 1),
        lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
        lambda: socket.socket(socket.AF_INET6, socket.SOCK_STREAM),
        lambda: urllib.request.urlopen(f"http://127.0.0.1:{facts['tcp']}/", timeout=1),
        lambda: socket.create_server(("127.0.0.1", 0)),
        lambda: socket.getaddrinfo("example.org", 80),
    ):
        try:
            way()
            loot.append(1)
        except OSError:
            pass
    return loot
