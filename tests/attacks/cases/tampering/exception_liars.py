"""An exception whose text hangs is a time limit of its own question."""
# ends: time_limit
# cpu: 0.3


class Slow(Exception):
    def __str__(self):
        while True:
            pass


def attack(facts):
    raise Slow
