"""A process can't leave its session or job: the double fork of a daemon fails at its first step."""

import os


def attack(facts):
    loot = []
    for way in (os.setsid, lambda: os.setpgid(0, 0), os.fork, lambda: os.nice(-1), lambda: os.setpriority(0, 0, -5)):
        try:
            way()
            loot.append(way)
        except OSError:
            pass
    return [len(loot)] if loot else []
