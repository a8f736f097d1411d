"""Data nested a hundred thousand deep is no value: only its type is told."""
# value: Opaque(type_name='list')


def attack(facts):
    nested = []
    for _ in range(100_000):
        nested = [nested]
    return nested
