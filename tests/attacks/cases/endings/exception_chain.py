"""A chain of causes that bites its own tail is shown once."""
# raised: ValueError


def attack(facts):
    a, b = ValueError("a"), KeyError("b")
    a.__cause__, b.__cause__ = b, a
    a.__context__ = a
    raise a
