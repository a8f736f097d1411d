"""Removed builtins affect only the code that removed them."""
# ends: done | died
# value: any
# honest: lost

import builtins


def attack(facts):
    for name in ("len", "isinstance", "type", "list", "str", "print", "BaseException"):
        setattr(builtins, name, lambda *a: True)
    return 1
