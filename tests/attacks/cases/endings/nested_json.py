"""json, pickle, repr and copy fail on deeply nested data inside the child only."""

import copy
import json
import pickle


def attack(facts):
    nested = []
    for _ in range(50_000):
        nested = [nested]
    loot = []
    for way in (json.dumps, pickle.dumps, repr, copy.deepcopy, lambda _: json.loads("[" * 100_000)):
        try:
            way(nested)
            loot.append(way)
        except RecursionError:
            pass
    while nested:
        nested = nested.pop()
    return loot
