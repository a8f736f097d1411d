"""No object known to the garbage collector holds an expected tensor, and no frame belongs to a judge."""

import gc
import sys

import numpy as np


def attack(facts):
    wanted = bytes(b ^ 0x55 for b in facts["masked_tensor"])
    loot = []
    for thing in gc.get_objects():
        held = list(vars(thing).values()) if hasattr(thing, "__dict__") and isinstance(thing.__dict__, dict) else [thing]
        loot += [1 for value in held if isinstance(value, np.ndarray) and value.tobytes() == wanted]
    frame = sys._getframe()
    while frame:
        if "judge" in frame.f_code.co_filename or "checks" in frame.f_code.co_filename:
            loot.append(frame.f_code.co_filename)
        for name, value in frame.f_locals.items():
            if name in ("expected", "secret", "reference"):
                loot.append(name)
        frame = frame.f_back
    return loot
