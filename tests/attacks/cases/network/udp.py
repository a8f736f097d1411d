"""No datagram leaves: UDP is not what Landlock looks at, so the filter has to."""

import socket


def attack(facts):
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.sendto(b"marks please", ("127.0.0.1", facts["udp"]))
    except OSError:
        return []
    return ["sent"]
