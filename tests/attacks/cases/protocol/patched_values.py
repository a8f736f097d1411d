"""The wire format, patched inside, only writes other bytes: the grader's own decoder is unaffected."""
# ends: died

import sys


def attack(facts):
    encoding = sys.modules["grader.core.wire.encode"]
    actions = sys.modules["grader.core.wire.perform_actions"]
    encoding.DTYPES = frozenset({"|O", "<U8"})
    encoding.MAX_ITEMS = 10**12
    actions.encode = encoding.encode = lambda value, limit: b"l\xff\xff\xff\xff" + b"l\xff\xff\xff\xff" * 1000
    return ["x"]
