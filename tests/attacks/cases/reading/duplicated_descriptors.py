"""No descriptor can be obtained: not duplicated, not received, not taken from another process."""

import array
import os
import socket


def attack(facts):
    loot = []
    ways = [
        lambda: os.dup(3),
        lambda: os.dup2(4, 0),
        lambda: os.pipe(),
        lambda: os.memfd_create("x"),
        lambda: os.eventfd(0),
        lambda: os.pidfd_open(facts["grader_pid"]),
        lambda: os.pidfd_open(1),
        lambda: socket.socketpair(),
        lambda: socket.socket(fileno=3).recvmsg(10, 1000),
        lambda: socket.fromfd(4, socket.AF_UNIX, socket.SOCK_STREAM),
        lambda: os.openpty(),
        lambda: os.sendfile(4, 3, 0, 10),
        lambda: os.splice(3, 4, 10),
    ]
    for i, way in enumerate(ways):
        try:
            way()
            loot.append(i)
        except OSError:
            pass
    return loot
