"""A million small items are too many."""
# value: Opaque(type_name='list')


def attack(facts):
    return [0] * 1_000_000
