"""Replacing `open`, the table of files or the functions of numpy hurts this submission alone."""

import builtins
import io
import os

import numpy as np


def attack(facts):
    tree = next(cell.cell_contents for cell in open.__closure__ if hasattr(cell.cell_contents, "files"))
    tree.files["data/numbers.csv"] = memoryview(b"0\n0\n")
    tree.files["left"] = b"x"
    tree.current = "data"
    tree.folders.clear()
    builtins.open = io.open = os.stat = os.listdir = np.loadtxt = np.fromfile = lambda *_, **__: 1 / 0
    return []
