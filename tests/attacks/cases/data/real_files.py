"""Whoever takes the table of files apart finds no way to a real file in it."""

import builtins
import gc
import io
import os
import posix


def attack(facts):
    secret, loot = facts["secret_path"], []
    reached = [open, os.stat, os.listdir, os.rename]
    for function in list(reached):
        reached += [cell.cell_contents for cell in getattr(function, "__closure__", None) or ()]
        reached += [getattr(function, "__self__", None)]
    for found in list(reached):
        reached += list(vars(found).values()) if hasattr(found, "__dict__") else []
    ways = [each for each in reached if callable(each)] + [io.FileIO, io.open_code, posix.open, builtins.open]
    ways += [each for each in gc.get_objects() if getattr(each, "__name__", "") == "open" and callable(each)]
    for way in ways:
        for options in ((), ("rb",), (os.O_RDONLY,)):
            try:
                given = way(secret, *options)
                if hasattr(given, "read") and b"expected" in given.read():
                    loot.append(f"read by {way!r:.60}")
            except Exception:
                pass
    return loot
