"""Files with the names of numpy, the standard library and the grader are not imported in their place."""

import json
import sqlite3
import sys

import numpy

import grader.core.wire.encode


def attack(facts):
    import numpy.linalg

    found = [json, numpy, numpy.linalg, sqlite3, grader.core.wire.encode, sys.modules["grader.core.wire.encode"]]
    return [getattr(one, "__name__", "") for one in found if "stolen" in getattr(one, "__dict__", {})]


# file: numpy.py
stolen = True
# file: numpy/linalg.py
stolen = True
# file: json/__init__.py
stolen = True
# file: sqlite3.py
stolen = True
# file: grader/core/wire/encode.py
stolen = True
encode = encode_answer = lambda *_: b""
# file: grader/__init__.py
stolen = True
