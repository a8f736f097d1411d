"""No datagram can be sent: Landlock doesn't cover UDP, so the filter must."""

import socket


def attack(facts):
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.sendto(b"marks please", ("127.0.0.1", facts["udp"]))
    except OSError:
        return []
    return ["sent"]
