"""A shape that would be negative, or far too large, is a broken answer."""
# ends: died

import sys


def attack(facts):
    answers = sys.modules["grader.core.wire.encode_answer"]
    answers.encode = lambda value, limit: b"a\x03<f8\x04" + b"\xff\xff\xff\xff" * 4
    return 1
