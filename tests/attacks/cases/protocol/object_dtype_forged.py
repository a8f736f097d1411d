"""A forged frame with dtype object is a broken answer: nothing is unpickled."""
# ends: died

import os
import sys


def attack(facts):
    actions = sys.modules["grader.core.wire.perform_actions"]
    array = b"a\x02|O\x01\x01\x00\x00\x00" + b"\x41" * 8
    actions.encode = lambda value, limit: b"d\x01\x00\x00\x00s\x08\x00\x00\x00returned" + array
    return 1
