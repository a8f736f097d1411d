"""abort() ends the child, and counts as the submission's failure, not as the grader's."""
# ends: died

import os


def attack(facts):
    os.abort()
