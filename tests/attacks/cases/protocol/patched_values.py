"""The wire format, patched inside, only writes other bytes: the grader's own decoder is unaffected."""
# ends: died

import sys


def attack(facts):
    encoding = sys.modules["grader.core.wire.encode"]
    answers = sys.modules["grader.core.wire.encode_answer"]
    encoding.DTYPES = frozenset({"|O", "<U8"})
    encoding.MAX_ITEMS = 10**12
    answers.encode = encoding.encode = lambda value, limit: b"l\xff\xff\xff\xff" + b"l\xff\xff\xff\xff" * 1000
    return ["x"]
