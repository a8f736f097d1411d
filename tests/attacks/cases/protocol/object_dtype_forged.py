"""A forged frame with dtype object is a broken answer: nothing is unpickled."""
# ends: died

import os
import sys


def attack(facts):
    answers = sys.modules["grader.core.wire.encode_answer"]
    array = b"a\x02|O\x01\x01\x00\x00\x00" + b"\x41" * 8
    answers.encode = lambda value, limit: b"d\x01\x00\x00\x00s\x08\x00\x00\x00returned" + array
    return 1
