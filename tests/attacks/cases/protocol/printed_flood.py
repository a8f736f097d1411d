"""Printed text is kept up to its limit and counted beyond it."""
# printed: 50000000


def attack(facts):
    for _ in range(500):
        print("x" * 99_999)
    return []
