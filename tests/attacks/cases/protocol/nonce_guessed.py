"""An answer with a guessed nonce is a broken answer."""
# ends: died

import os
import sys


def attack(facts):
    encode = sys.modules["grader.core.encoding"].encode
    frame = encode({"nonce": "0" * 16, "answer": 0, "returned": ({"value": "guessed"},)}, 10_000)
    os.write(4, len(frame).to_bytes(4, "little") + frame)
    return "real"
