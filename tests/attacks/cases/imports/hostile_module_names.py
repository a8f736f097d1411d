"""Files with odd names and sources are run or passed over, and nothing else is."""

import importlib


def attack(facts):
    found = []
    for name in ("__main__x", "class", "a b", "über", "__init__", "x" * 200, "..", "a..b", "\0"):
        try:
            module = importlib.import_module(name)
            found += [name] if module.__name__ != name and "x" not in vars(module) else []
        except Exception:
            continue
    return found


# file: class.py
x = 1
# file: a b.py
x = 1
# file: über.py
x = 1
# file: __main__.py
x = 1
# file: __init__.py
x = 1
# file: deep/a/b/c/d/e/f/g.py
x = [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
# file: broken.py
def f(:
