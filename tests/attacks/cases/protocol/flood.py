"""A flood on the answer pipe fills the pipe and affects nothing else."""
# honest: lost
# ends: died
# cpu: 20

import os


def attack(facts):
    while True:
        os.write(4, b"\xee" * 65536)
