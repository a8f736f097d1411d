"""No Unix socket can be opened: by path, abstract, or in a pair."""

import socket


def attack(facts):
    loot = []
    for address in (facts["unix"], "\0" + facts["abstract"]):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
            try:
                with socket.socket(socket.AF_UNIX, kind) as s:
                    s.connect(address)
                    loot.append(address)
            except OSError:
                pass
    return loot
