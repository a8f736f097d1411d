"""A function that replaces another question's function counts as the submission's own function."""
# honest: lost

import __main__


def attack(facts):
    __main__.honest = lambda x: x * 0
    return []
