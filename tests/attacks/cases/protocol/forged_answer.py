"""A forged answer with the right nonce counts as the answer and spoils later ones: it gains nothing."""
# value: 'forged'
# honest: lost

import os
import sys


def attack(facts):
    frame = sys._getframe()
    while "self" not in frame.f_locals or not hasattr(frame.f_locals["self"], "_nonce"):
        frame = frame.f_back
    nonce, index = frame.f_locals["self"]._nonce, frame.f_locals["index"]
    head = sys.modules["grader.sandbox.inside.protocol"].ANSWER_HEADER
    encode = sys.modules["grader.core.wire.encode"].encode
    item = {"value": "forged", "locals": {}, "changed": []}
    answer = {"returned": [item], "printed": "", "printed_bytes": 0, "warnings": [], "remarks": []}
    data = head.pack(nonce.encode(), b"r", index) + encode(answer, 10_000)
    os.write(4, len(data).to_bytes(4, "little") + data)
    return "real"
