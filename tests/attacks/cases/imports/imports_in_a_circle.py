"""Modules that import and reload each other without end are ended by Python's own limit."""

import a


def attack(facts):
    return []


# file: a.py
import b

def again():
    import importlib

    importlib.reload(b)
# file: b.py
import a

getattr(a, "again", lambda: None)()
# file: c/__init__.py
from c import d
# file: c/d.py
from c import *
import importlib
import c

importlib.reload(c)
