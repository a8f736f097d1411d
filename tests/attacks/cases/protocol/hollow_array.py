"""An array of no bytes but billions of rows, which would take forever to iterate, is a broken answer."""
# ends: died

import sys


def attack(facts):
    answers = sys.modules["grader.core.wire.encode_answer"]
    answers.encode = lambda value, limit: b"a\x03<f8\x02" + b"\xff\xff\xff\xff" + b"\x00\x00\x00\x00"
    return 1
