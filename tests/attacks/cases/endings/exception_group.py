"""A group of a thousand nested exceptions is reported as one exception."""
# raised: ExceptionGroup


def attack(facts):
    error = ValueError("x")
    for _ in range(1000):
        error = ExceptionGroup("g", [error])
    raise error
