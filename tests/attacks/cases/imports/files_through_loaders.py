"""No loader of Python's opens a file for a module, not even its own."""

import importlib.machinery
import importlib.util

import spy


def attack(facts):
    return spy.look(importlib)


# file: spy.py
import sys


def look(importlib):
    found = []
    for path in ("/etc/passwd", "/proc/self/environ", sys.executable, spy_path()):
        for kind in (importlib.machinery.SourceFileLoader, importlib.machinery.SourcelessFileLoader):
            try:
                found += [path] if kind("stolen", path).get_data(path) is not None else []
            except Exception:
                pass
    try:
        found += importlib.machinery.FileFinder("/", (kind, [".py"]))._path_cache
    except Exception:
        pass
    return found


def spy_path():
    return __file__
