"""An exception whose text hangs ends its own question at the time limit."""
# ends: time_limit
# cpu: 0.3


class Slow(Exception):
    def __str__(self):
        while True:
            pass


def attack(facts):
    raise Slow
