"""A generator that never ends is read only up to a limit."""
# ends: done
# value: 10000 items

import itertools


def attack(facts):
    def forever():
        for i in itertools.count():
            yield i

    return forever()
