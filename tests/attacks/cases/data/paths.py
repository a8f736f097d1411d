"""No path leads out of the exercise's files: every odd one is a file that isn't there."""

import io
import os
from pathlib import Path

import numpy as np


class Liar(str):
    """A text that says something else than it is."""

    def __str__(self):
        return "data/numbers.csv"

    def __eq__(self, other):
        return True

    def __hash__(self):
        return hash("data/numbers.csv")

    def startswith(self, *_):
        return False

    def split(self, *_):
        return ["data", "numbers.csv"]


class PathLiar:
    """A path that is another one each time."""

    def __init__(self, path):
        self.paths = ["data/numbers.csv", path, path, path]

    def __fspath__(self):
        return self.paths.pop(0)


def attack(facts):
    secret = facts["secret_path"]
    paths = [secret, "/etc/passwd", "../" * 5 + secret, f"data/../..{secret}", f"./{secret}", "data/../../etc/passwd"]
    paths += ["../x", "data/../../x", "//etc/passwd", "data/numbers.csv\0", "\0", "", "/".join(["a"] * 10_000), "a" * 10**6]
    paths += ["data/" * 10_000 + "numbers.csv", "\ud800", "~/x", "/proc/self/fd/3", "/dev/fd/4", "file:///etc/passwd"]
    paths += [Liar("/etc/passwd"), Path(secret), secret.encode(), PathLiar(secret)]
    ways = [open, lambda p: io.open(p, "rb"), np.loadtxt, np.fromfile, os.stat, os.listdir, os.remove]
    ways += [lambda p: os.rename(p, "x"), lambda p: os.rename("data/numbers.csv", p), os.rmdir, lambda p: open(p, "r+")]
    loot = []
    for path in paths:
        for number, way in enumerate(ways):
            if isinstance(path, PathLiar):
                path = PathLiar(secret)
            if way is np.loadtxt and isinstance(path, PathLiar | bytes):  # numpy takes neither
                continue
            try:
                if type(way(path)) is list or not isinstance(path, PathLiar):
                    loot.append(f"{number} {str.__str__(path)[:50] if isinstance(path, str) else path!r:.50}")
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                pass
            except Exception as error:
                loot.append(f"{number} {error!r:.100}")
    return loot
