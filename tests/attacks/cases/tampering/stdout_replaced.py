"""A replaced sys.stdout is restored; no printed text reaches the answers."""

import os
import sys


class Out:
    def write(self, text):
        os.write(1, text.encode())
        raise SystemExit

    def __getattr__(self, name):
        raise SystemExit


def attack(facts):
    sys.stdout = sys.stderr = sys.__stdout__ = Out()
    try:
        print("x")
    except SystemExit:
        pass
    return []
