"""No netlink, raw, packet, kernel crypto or virtual machine socket can be opened."""

import socket


def attack(facts):
    loot = []
    for family, kind, protocol in (
        (16, socket.SOCK_RAW, 0),
        (socket.AF_INET, socket.SOCK_RAW, 1),
        (17, socket.SOCK_RAW, 3),
        (38, socket.SOCK_SEQPACKET, 0),
        (40, socket.SOCK_STREAM, 0),
        (29, socket.SOCK_RAW, 1),
        (15, socket.SOCK_RAW, 2),
        (44, socket.SOCK_RAW, 0),
    ):
        try:
            socket.socket(family, kind, protocol)
            loot.append(family)
        except OSError:
            pass
    return loot
