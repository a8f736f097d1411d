"""Another question's function, replaced from within this one, is this submission's own function."""
# honest: lost

import __main__


def attack(facts):
    __main__.honest = lambda x: x * 0
    return []
