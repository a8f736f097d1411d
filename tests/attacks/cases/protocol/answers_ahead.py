"""Answers written ahead of their checks are refused, because the nonce of a hidden check is not known."""
# honest: lost
# ends: done | died
# value: 'forged' | 'real'

import os
import sys


def attack(facts):
    frame = sys._getframe()
    while "self" not in frame.f_locals or not hasattr(frame.f_locals["self"], "_nonce"):
        frame = frame.f_back
    nonce, index = frame.f_locals["self"]._nonce, frame.f_locals["index"]
    head = sys.modules["grader.sandbox.inside.protocol"].ANSWER_HEADER
    encode = sys.modules["grader.core.wire.encode"].encode
    for ahead in range(index, index + 6):
        item = {"value": "forged", "locals": {}, "changed": []}
        answer = {"returned": [item], "printed": "", "printed_bytes": 0, "warnings": [], "remarks": []}
        data = head.pack(nonce.encode(), b"r", ahead) + encode(answer, 10_000)
        os.write(4, len(data).to_bytes(4, "little") + data)
    return "real"
