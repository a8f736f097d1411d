"""An array without a byte, but with billions of rows for whoever walks over them, is a broken answer."""
# ends: died

import sys


def attack(facts):
    runner = sys.modules["grader.sandbox.inside.runner"]
    runner.encode = lambda value, limit: b"a\x03<f8\x02" + b"\xff\xff\xff\xff" + b"\x00\x00\x00\x00"
    return 1
