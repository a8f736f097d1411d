"""Bytes that don't encode a value are one broken answer."""
# honest: lost
# ends: died

import os
import random


def attack(facts):
    noise = random.Random(4).randbytes(1000)
    os.write(4, len(noise).to_bytes(4, "little") + noise)
    while True:
        pass
