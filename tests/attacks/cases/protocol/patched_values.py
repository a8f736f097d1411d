"""The wire format patched inside is one more way to write bytes: the grader's own decoder holds what it holds."""
# ends: died

import sys


def attack(facts):
    values = sys.modules["grader.core.values"]
    runner = sys.modules["grader.sandbox.inside.runner"]
    values.DTYPES = frozenset({"|O", "<U8"})
    values.MAX_ITEMS = 10**12
    runner.encode = values.encode = lambda value, limit: b"l\xff\xff\xff\xff" + b"l\xff\xff\xff\xff" * 1000
    return ["x"]
