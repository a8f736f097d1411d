"""A regular expression that backtracks forever hits the time limit."""
# ends: time_limit
# cpu: 0.3

import re


def attack(facts):
    return re.match(r"(a+)+$", "a" * 60 + "b")
