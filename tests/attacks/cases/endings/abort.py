"""abort() ends the child: the submission's doing, never ours."""
# ends: died

import os


def attack(facts):
    os.abort()
