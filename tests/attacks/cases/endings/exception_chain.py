"""A cyclic chain of causes is reported once."""
# raised: ValueError


def attack(facts):
    a, b = ValueError("a"), KeyError("b")
    a.__cause__, b.__cause__ = b, a
    a.__context__ = a
    raise a
