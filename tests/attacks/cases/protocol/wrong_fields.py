"""A frame with a field of the wrong type is a broken answer."""
# honest: lost
# ends: died

import os
import sys


def attack(facts):
    frame = sys._getframe()
    while "self" not in frame.f_locals or not hasattr(frame.f_locals["self"], "_nonce"):
        frame = frame.f_back
    encoding = sys.modules["grader.core.wire.encode"]
    head = sys.modules["grader.sandbox.inside.protocol"].ANSWER_HEADER
    answer = {"printed": "", "printed_bytes": 0, "warnings": []}
    answer["returned"] = [{"value": 1, "changed": [10**30], "locals": sys.modules["grader.core.wire.values"].Code("1"), "raised": {"type": 7}}]
    nonce, index = frame.f_locals["self"]._nonce, frame.f_locals["index"]
    data = head.pack(nonce.encode(), b"r", index) + encoding.encode(answer, 10_000)
    os.write(4, len(data).to_bytes(4, "little") + data)
    while True:
        pass
