"""Code that runs during a visible check finds no hidden check's input anywhere in the process."""

import gc

import numpy as np


def attack(facts):
    hidden = bytes(b ^ 0x55 for b in facts["masked_hidden"])
    found = [a for a in gc.get_objects() if isinstance(a, np.ndarray) and a.tobytes() == hidden]
    frames = [f for f in gc.get_objects() if type(f).__name__ == "frame"]
    for frame in frames:
        batch = frame.f_locals.get("batch") or {}
        for request in batch.get("requests", []) if isinstance(batch, dict) else []:
            found += [1 for action in request["actions"] for a in action.get("args", ()) if getattr(a, "tobytes", bytes)() == hidden]
    return len(found) * [1]
