"""Data nested a hundred thousand levels deep is not a value: only its type is reported."""
# value: Opaque(type_name='list')


def attack(facts):
    nested = []
    for _ in range(100_000):
        nested = [nested]
    return nested
