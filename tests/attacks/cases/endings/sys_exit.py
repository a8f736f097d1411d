"""sys.exit in a function is an exception like any other."""
# raised: SystemExit

import sys


def attack(facts):
    sys.exit(0)
