"""The zygote's code, called in the child, can't reach the grader or create anything."""

import socket
import sys


def attack(facts):
    loot = []
    inside = "grader.sandbox.inside."
    kernel, child = sys.modules[inside + "kernel"], sys.modules[inside + "child"]
    zygote = sys.modules[inside + "zygote"]
    for way in (
        lambda: kernel.unshare(kernel.CLONE_NEWUSER),
        lambda: kernel.setns(3, kernel.CLONE_NEWPID),
        lambda: kernel.mount("none", "/", "tmpfs", 0),
        lambda: kernel.pivot_root(".", "."),
        lambda: kernel.syscall("landlock_create_ruleset", None, 0, 1),
        lambda: sys.modules[inside + "seccomp"].prepare_filter(b"\x06\x00\x00\x00\x00\x00\xff\x7f")(),
        lambda: zygote._write(socket.socket(fileno=3), bytes(24)),
        lambda: zygote._receive(socket.socket(fileno=3)),
        zygote.main,
    ):
        try:
            way()
            loot.append(way)
        except OSError:
            pass
    return [len(loot)] if loot else []
