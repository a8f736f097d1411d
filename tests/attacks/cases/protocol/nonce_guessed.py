"""An answer with a guessed nonce is a broken answer."""
# honest: lost
# ends: died

import os
import sys


def attack(facts):
    encode = sys.modules["grader.core.wire.encode"].encode
    head = sys.modules["grader.sandbox.inside.protocol"].ANSWER_HEADER
    item = {"value": "guessed", "locals": {}, "changed": []}
    answer = {"returned": [item], "printed": "", "printed_bytes": 0, "warnings": []}
    frame = head.pack(b"0" * 16, b"r", 0) + encode(answer, 10_000)
    os.write(4, len(frame).to_bytes(4, "little") + frame)
    return "real"
