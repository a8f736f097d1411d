"""No path leads to the course's reference, checks and database."""

import glob
import pathlib
import sys


def attack(facts):
    loot = []
    roots = {facts["root"], *sys.path, *(getattr(m, "__file__", None) or "" for m in list(sys.modules.values()))}
    for root in sorted(str(r) for r in roots):
        for pattern in ("**/checks.py", "**/checks/*.py", "reference/*", "*.db", "**/solution.py"):
            loot += glob.glob(str(pathlib.Path(root) / pattern), recursive=True)
    reference = facts["root"] + "/reference/"
    for path in (facts["secret_path"], reference + "activations/checks.py", reference + "losses/checks/softmax.py"):
        try:
            loot.append(pathlib.Path(path).read_bytes())
        except OSError:
            pass
    return loot
